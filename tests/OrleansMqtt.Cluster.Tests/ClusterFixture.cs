using System.Net;
using OrleansMqtt.Processes.Clusters;

namespace OrleansMqtt.Cluster.Tests;

/// <summary>One cluster for all tests of the collection; who breaks it mends it.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private int _names;

    internal ClusterProcesses Cluster { get; private set; } = null!;

    internal IReadOnlyList<IPEndPoint> Gateways => Cluster.Listeners;

    public async ValueTask InitializeAsync() => Cluster = await ClusterProcesses.StartAsync(new ClusterShape());

    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null) await Cluster.DisposeAsync();
    }

    /// <summary>A name that no other test uses.</summary>
    internal string Name(string rest) => $"t{Interlocked.Increment(ref _names)}-{rest}";
}

[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}

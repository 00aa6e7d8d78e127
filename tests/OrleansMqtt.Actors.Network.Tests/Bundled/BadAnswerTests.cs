using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Network.Tests.Clusters;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Networking.Transports;

namespace OrleansMqtt.Actors.Network.Tests.Bundled;

/// <summary>A client beside a silo that answers nonsense.</summary>
public sealed class BadAnswerTests : IFrameReceiver
{
    private const string Cluster = "cluster";

    // Only a hang ends here; no test waits for it to pass.
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(20);

    private FrameKind _answer;

    [Theory]
    [InlineData(FrameKind.Response)]
    [InlineData(FrameKind.Failure)]
    public async Task An_answer_that_is_not_understood_fails_its_call(object answer)
    {
        _answer = (FrameKind)answer;
        var address = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 10_001), 1);
        var (table, memory) = (new MemoryMembershipTable(), new MemoryNetwork());
        await table.InitializeMembershipTable(true);
        await table.InsertRow(
            new MembershipEntry { SiloAddress = address, Status = SiloStatus.Active, SiloName = "bad", HostName = "localhost" }, (await table.ReadAll()).Version.Next());
        await using var silo = new PeerNetwork(Cluster, memory.From(address.Endpoint), this, new NetworkOptions(), TimeProvider.System, NullLogger.Instance);
        await silo.BindAsync(address.Endpoint, TestContext.Current.CancellationToken);
        silo.Start(PeerIdentity.OfSilo(address));
        using var client = Client(table, memory.From(new IPEndPoint(IPAddress.Loopback, 1)));
        await client.StartAsync(TestContext.Current.CancellationToken);
        var grain = client.Services.GetRequiredService<IGrainFactory>().GetGrain<IWhereGrain>(1);

        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => grain.Silo().WaitAsync(HangGuard, TestContext.Current.CancellationToken));
            Assert.Contains("IWhereGrain.Silo was not understood", failure.Message, StringComparison.Ordinal);
        }

        await client.StopAsync(TestContext.Current.CancellationToken);
    }

    void IFrameReceiver.OnFrame(PeerConnection connection, in Frame frame)
    {
        if (frame.Kind == FrameKind.Request)
        {
            connection.Send(_answer, frame.Correlation, new BytesBody(new byte[] { 0xFF, 0xFF, 0xFF }));
        }
    }

    void IFrameReceiver.OnUnsettled(PeerConnection connection, in UnsettledFrame frame, string reason) => throw new NotSupportedException("It sends no calls.");

    void IFrameReceiver.OnEnded(PeerConnection connection, ConnectionEnd end)
    {
        // The test has seen what it wants to see.
    }

    private static IHost Client(IMembershipTable table, ITransport transport)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            client.Services.AddSingleton(table);
            client.Services.AddSingleton(transport);
            client.Configure<ClusterOptions>(options => options.ClusterId = Cluster);
        });
        return builder.Build();
    }
}

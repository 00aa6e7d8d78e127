using System.Net;
using OrleansMqtt.Processes.Links;

namespace OrleansMqtt.Processes.Clusters;

/// <summary>A cluster of real processes on the loopback address: redis-server, which writes everything to the disk before it answers, silos, and gateways.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<ClusterPart> _silos = [];
    private readonly List<ClusterPart> _gateways = [];
    private readonly List<IPEndPoint> _listeners = [];
    private readonly Dictionary<string, ClusterLinks> _links = [];
    private readonly ClusterShape _shape;

    private ClusterProcesses(ClusterShape shape)
    {
        _shape = shape;
        var redis = new IPEndPoint(IPAddress.Loopback, FreePort.Take(1)[0]);
        RedisAddress = redis;
        Redis = new ClusterPart("redis", () => LaunchRedis(redis.Port), "Ready to accept connections");
        foreach (var index in Enumerable.Range(1, shape.Silos)) AddSilo($"silo-{index}", redis);
        foreach (var index in Enumerable.Range(1, shape.Gateways)) AddGateway($"gateway-{index}", redis);
    }

    public ClusterPart Redis { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint RedisAddress { get; }

    public IReadOnlyList<ClusterPart> Silos => _silos;

    public IReadOnlyList<ClusterPart> Gateways => _gateways;

    public IEnumerable<ClusterPart> Parts => [Redis, .. _silos, .. _gateways];

    /// <summary>Where the gateways listen for MQTT, in their order.</summary>
    public IReadOnlyList<IPEndPoint> Listeners => _listeners;

    /// <summary>The links of the silos and gateways, by the part's name; empty unless <see cref="ClusterShape.HasLinks"/>.</summary>
    public IReadOnlyDictionary<string, ClusterLinks> Links => _links;

    /// <summary>What all processes have said.</summary>
    public string Transcript => string.Join('\n', Parts.Select(static part => part.Transcript));

    /// <summary>Starts one, and returns when all of it is up; skips the test where redis-server is not installed.</summary>
    public static async Task<ClusterProcesses> StartAsync(ClusterShape shape)
    {
        Tool.Require("redis-server");
        var cluster = new ClusterProcesses(shape);
        try
        {
            await cluster.RecoverAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Heals all links, and brings back every part that is paused or down: those on which others rely first.</summary>
    public async Task RecoverAsync()
    {
        foreach (var links in _links.Values) links.Heal();
        await Redis.RecoverAsync();
        await Task.WhenAll(_silos.Select(static part => part.RecoverAsync()));
        await Task.WhenAll(_gateways.Select(static part => part.RecoverAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in (IEnumerable<ClusterPart>)[.. _gateways, .. _silos, Redis]) await part.DisposeAsync();
        foreach (var links in _links.Values) await links.DisposeAsync();
        _directory.Dispose();
    }

    private void AddSilo(string name, IPEndPoint redis)
    {
        var ports = FreePort.Take(2);
        var bind = new IPEndPoint(IPAddress.Loopback, ports[0]);
        var links = Link(name, redis, bind, ports[1]);
        string[] address = links is null ? [$"--Cluster:Bind={bind}"] : [$"--Cluster:Bind={bind}", $"--Cluster:Advertise={links.Address}"];
        Add(_silos, name, BuiltProgram.Silo, [$"--Cluster:Redis={links?.Redis ?? redis}", .. address], ": silo ", _shape.SiloArguments);
    }

    private void AddGateway(string name, IPEndPoint redis)
    {
        var listener = new IPEndPoint(IPAddress.Loopback, FreePort.Take(1)[0]);
        _listeners.Add(listener);
        var links = Link(name, redis, null, 0);
        Add(_gateways, name, BuiltProgram.Gateway, [$"--Cluster:Redis={links?.Redis ?? redis}", $"--Listeners:default:Bind={listener}"], ": listening on ");
    }

    private void Add(List<ClusterPart> parts, string name, string program, string[] arguments, string startLine, Func<string[]>? others = null) => parts.Add(new ClusterPart(
        name, () => ExternalProcess.Start(BuiltProgram.DotNet, [program, "--Http:Bind=none", .. arguments, .. others?.Invoke() ?? []], limit: _shape.Lifetime), startLine));

    private ExternalProcess LaunchRedis(int port) => ExternalProcess.Start(
        "redis-server", ["--bind", "127.0.0.1", "--port", $"{port}", "--dir", _directory.Path, "--save", "", "--appendonly", "yes", "--appendfsync", "always"], limit: _shape.Lifetime);

    private ClusterLinks? Link(string name, IPEndPoint redis, IPEndPoint? silo, int port)
    {
        if (!_shape.HasLinks) return null;
        var links = new ClusterLinks(redis, silo, port, NameOf);
        _links.Add(name, links);
        return links;
    }

    /// <summary>The part whose connection goes from a port to another one.</summary>
    private string NameOf(int fromPort, int toPort)
    {
        var parts = Parts.Select(static part => (part.Id, part.Name)).Where(static part => part.Id is not null).ToDictionary(static part => part.Id!.Value, static part => part.Name);
        return SocketOwner.Find(fromPort, toPort, parts.Keys) is { } process ? parts[process] : "";
    }
}

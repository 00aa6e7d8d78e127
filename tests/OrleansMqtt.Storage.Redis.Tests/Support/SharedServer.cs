[assembly: AssemblyFixture(typeof(OrleansMqtt.Storage.Redis.Tests.Support.SharedServer))]

namespace OrleansMqtt.Storage.Redis.Tests.Support;

/// <summary>The server that most tests share; each uses a cluster identifier of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private RedisServer? _server;

    /// <summary>Its address; the test that asks is skipped where there is no redis-server.</summary>
    public string Address
    {
        get
        {
            Assert.SkipWhen(_server is null, RedisServer.Missing ?? "");
            return _server!.Address;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (RedisServer.Missing is null) _server = await RedisServer.StartAsync("--appendonly", "no");
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;
}

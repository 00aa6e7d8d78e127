using System.Net;

namespace OrleansMqtt.Cluster.Tests.Clients;

/// <summary>A subscriber with a persistent session that connects again whenever its connection is ended.</summary>
internal sealed class PersistentSubscriber : IDisposable
{
    private const uint Expiry = 3600;

    private readonly EndPoint _gateway;
    private readonly string _clientId;
    private ClusterClient _client;

    private PersistentSubscriber(EndPoint gateway, string clientId, ClusterClient client) => (_gateway, _clientId, _client) = (gateway, clientId, client);

    public static async Task<PersistentSubscriber> ConnectAsync(EndPoint gateway, string clientId, string filter)
    {
        var client = await ClusterClient.ConnectAsync(gateway, clientId, Expiry);
        await client.SubscribeAsync(filter);
        return new PersistentSubscriber(gateway, clientId, client);
    }

    /// <summary>The text of the next message, on this connection or a later one.</summary>
    public async Task<string> NextAsync()
    {
        while (true)
        {
            if (await _client.NextOrEndAsync() is { } text) return text;
            _client.Dispose();
            _client = await ClusterClient.ComeInAsync(_gateway, _clientId, Expiry);
            Assert.True(_client.IsSessionPresent, $"the session of {_clientId} is gone");
        }
    }

    public void Dispose() => _client.Dispose();
}

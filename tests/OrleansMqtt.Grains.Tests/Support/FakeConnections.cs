using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansMqtt.Gateways;

namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>A gateway's connections, by client.</summary>
internal sealed class FakeConnections : IGatewayConnections
{
    /// <summary>Epochs of those that are there.</summary>
    public ConcurrentDictionary<string, long> There { get; } = new();

    /// <summary>Questions so far.</summary>
    public int Asked { get; private set; }

    /// <summary>Until this is completed nothing is answered.</summary>
    public Task Paused { get; set; } = Task.CompletedTask;

    /// <summary>Whether the pass that is asked for next is over.</summary>
    public bool HasConfirmed { get; set; } = true;

    public async Task<ImmutableArray<long>> CloseFormerAsync(ImmutableArray<FormerConnection> former)
    {
        Asked++;
        await Paused;
        return [.. former.Select(Close)];

        long Close(FormerConnection client)
        {
            if (!There.TryGetValue(client.ClientId, out var epoch)) return 0;
            if (epoch >= client.Before) return epoch;
            There.TryRemove(client.ClientId, out _);
            return 0;
        }
    }

    public async Task<long> ConfirmAsync(long pass)
    {
        await Paused;
        return HasConfirmed ? 0 : 1;
    }
}

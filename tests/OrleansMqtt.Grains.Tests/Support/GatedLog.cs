using System.Collections.Immutable;
using OrleansMqtt.Grains.Storage;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>A session log in memory whose answers the test holds back, or makes fail.</summary>
internal sealed class GatedLog : ISessionLog
{
    private readonly MemorySessionLog _log = new();

    /// <summary>What each append waits for.</summary>
    public Queue<Task> Appends { get; } = new();

    /// <summary>What each read waits for.</summary>
    public Queue<Task> Reads { get; } = new();

    /// <summary>What each update waits for before it is written.</summary>
    public Queue<Task> Updates { get; } = new();

    /// <summary>What each update waits for when it is written.</summary>
    public Queue<Task> UpdateAnswers { get; } = new();

    public ValueTask<SessionLogExtent> OpenAsync(string clientId, long epoch) => _log.OpenAsync(clientId, epoch);

    public async ValueTask<ImmutableArray<long>> AppendAsync(string clientId, long epoch, ImmutableArray<SessionLogEntry> entries)
    {
        if (Appends.TryDequeue(out var gate)) await gate;
        return await _log.AppendAsync(clientId, epoch, entries);
    }

    public async ValueTask<ImmutableArray<StoredLogEntry>> ReadAsync(string clientId, long from, int maximum)
    {
        if (Reads.TryDequeue(out var gate)) await gate;
        return await _log.ReadAsync(clientId, from, maximum);
    }

    public async ValueTask UpdateAsync(string clientId, long epoch, SessionLogUpdate update)
    {
        if (Updates.TryDequeue(out var gate)) await gate;
        await _log.UpdateAsync(clientId, epoch, update);
        if (UpdateAnswers.TryDequeue(out var answer)) await answer;
    }

    public ValueTask<ImmutableArray<InboundMessage>> ReadInboundAsync(string clientId) => _log.ReadInboundAsync(clientId);

    public ValueTask DeleteAsync(string clientId, long epoch) => _log.DeleteAsync(clientId, epoch);
}

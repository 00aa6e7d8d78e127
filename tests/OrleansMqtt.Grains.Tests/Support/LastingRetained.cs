using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansMqtt.Messages;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>Retained messages, for as long as the test runs.</summary>
internal sealed class LastingRetained : IRetainedStore
{
    private readonly ConcurrentDictionary<(int Partition, string Topic), Message> _messages = new();
    private readonly PartitionEpochs _epochs = new();
    private HeldWrite? _held;

    public IEnumerable<Message> All => _messages.Values;

    /// <summary>Holds the next write.</summary>
    public HeldWrite HoldNext() => _held = new HeldWrite();

    public ValueTask<long> OpenAsync(int partition, long epoch) => new(_epochs.Open(partition, epoch));

    public async IAsyncEnumerable<Message> LoadAsync(int partition)
    {
        await Task.CompletedTask;
        foreach (var (key, message) in _messages)
            if (key.Partition == partition) yield return message;
    }

    public async ValueTask StoreAsync(int partition, long epoch, ImmutableArray<Message> messages)
    {
        if (Interlocked.Exchange(ref _held, null) is { } held) await held.WaitAsync();
        _epochs.Require(partition, epoch);
        foreach (var message in messages)
        {
            if (message.Payload.IsEmpty) _messages.TryRemove((partition, message.TopicName), out _);
            else _messages[(partition, message.TopicName)] = message;
        }
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using OrleansMqtt.Messages;
using OrleansMqtt.Storage;

namespace OrleansMqtt.TestingHost.Stores;

/// <summary>Retained messages that outlive the silos.</summary>
internal sealed class RetainedTestStore : IRetainedStore
{
    private readonly ConcurrentDictionary<(int Partition, string Topic), Message> _messages = new();

    private readonly PartitionEpochs _epochs = new();

    public ValueTask<long> OpenAsync(int partition, long epoch)
    {
        lock (_messages) return new(_epochs.Open(partition, epoch));
    }

    public async IAsyncEnumerable<Message> LoadAsync(int partition)
    {
        await Task.CompletedTask;
        foreach (var (key, message) in _messages)
            if (key.Partition == partition) yield return message;
    }

    public ValueTask StoreAsync(int partition, long epoch, ImmutableArray<Message> messages)
    {
        lock (_messages)
        {
            _epochs.Require(partition, epoch);
            foreach (var message in messages)
            {
                var key = (partition, Encoding.UTF8.GetString(message.Topic));
                if (message.Payload.IsEmpty) _messages.TryRemove(key, out _);
                else _messages[key] = message;
            }
        }
        return default;
    }
}

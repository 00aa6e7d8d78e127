using System.Threading.Channels;
using Orleans.Streams;

namespace OrleansMqtt.Streams.Tests;

/// <summary>Notes what comes by a stream.</summary>
internal sealed class Collector : IAsyncObserver<MqttMessage>
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private readonly Channel<string> _got = Channel.CreateUnbounded<string>();

    public bool IsEmpty => _got.Reader.Count == 0;

    public async Task<string> TakeAsync() => await _got.Reader.ReadAsync().AsTask().WaitAsync(Guard);

    public Task OnNextAsync(MqttMessage item, StreamSequenceToken? token = null)
    {
        _got.Writer.TryWrite($"{item.Topic}={item.PayloadText}");
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}

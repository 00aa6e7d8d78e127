using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Events;
using OrleansMqtt.Gateway.Tests.Harness;

namespace OrleansMqtt.Gateway.Tests.Events;

/// <summary>An observer that the test reads from; without what happens to the gateway itself.</summary>
internal sealed class Told : IBrokerObserver
{
    private readonly Channel<BrokerEvent> _events = Channel.CreateUnbounded<BrokerEvent>();

    /// <summary>What it does with each event before the test gets it.</summary>
    public Func<BrokerEvent, ValueTask> Before { get; init; } = static _ => default;

    public Action<IServiceCollection> Add => services => services.AddSingleton(this).AddBrokerObserver<Told>();

    public async ValueTask OnAsync(BrokerEvent brokerEvent, CancellationToken cancellationToken)
    {
        await Before(brokerEvent);
        _events.Writer.TryWrite(brokerEvent);
    }

    /// <summary>The next event of a client or of drops.</summary>
    public async Task<T> NextAsync<T>() where T : BrokerEvent
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        while (true)
        {
            var next = await _events.Reader.ReadAsync(guard.Token);
            if (next is T expected) return expected;
            Assert.True(next is BrokerStarting or BrokerStarted, $"{next} came, not {typeof(T).Name}.");
        }
    }

    /// <summary>All that has come so far.</summary>
    public IEnumerable<BrokerEvent> All()
    {
        while (_events.Reader.TryRead(out var next)) yield return next;
    }
}

using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>The memory store's session log, with writes that the test holds up or lets fail.</summary>
internal sealed class GatedStore
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _gate;

    /// <summary>Completed when a write stands at the gate; only a hang ends in the time-out.</summary>
    public Task Entered => _entered.Task.WaitAsync(TestBroker.HangGuard);

    /// <summary>How many of the next writes fail.</summary>
    public int Failures { get; set; }

    /// <summary>What they fail with.</summary>
    public Exception Failure { get; set; } = new IOException("The test lets this write fail.");

    /// <summary>Which updates fail, if any.</summary>
    public Func<SessionLogUpdate, bool> FailsUpdate { get; set; } = static _ => false;

    /// <summary>Puts it before the log that is registered.</summary>
    public void Install(IServiceCollection services)
    {
        var registered = services.Single(s => s.ServiceType == typeof(ISessionLog));
        services.Remove(registered);
        services.AddSingleton<ISessionLog>(provider => new Log(this, (ISessionLog)ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!)));
    }

    /// <summary>Writes wait from now on.</summary>
    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Those that wait, and later ones, go on.</summary>
    public void Open()
    {
        var gate = _gate;
        _gate = null;
        gate?.SetResult();
    }

    private async ValueTask PassAsync()
    {
        if (_gate is { } gate)
        {
            _entered.TrySetResult();
            await gate.Task;
        }
        if (Failures == 0) return;
        Failures--;
        throw Failure;
    }

    private sealed class Log(GatedStore store, ISessionLog inner) : ISessionLog
    {
        public ValueTask<SessionLogExtent> OpenAsync(string clientId, long epoch) => inner.OpenAsync(clientId, epoch);

        public async ValueTask<ImmutableArray<long>> AppendAsync(string clientId, long epoch, ImmutableArray<SessionLogEntry> entries)
        {
            await store.PassAsync();
            return await inner.AppendAsync(clientId, epoch, entries);
        }

        public ValueTask<ImmutableArray<StoredLogEntry>> ReadAsync(string clientId, long from, int maximum) => inner.ReadAsync(clientId, from, maximum);

        public async ValueTask UpdateAsync(string clientId, long epoch, SessionLogUpdate update)
        {
            await store.PassAsync();
            if (store.FailsUpdate(update)) throw store.Failure;
            await inner.UpdateAsync(clientId, epoch, update);
        }

        public ValueTask<ImmutableArray<InboundMessage>> ReadInboundAsync(string clientId) => inner.ReadInboundAsync(clientId);

        public ValueTask DeleteAsync(string clientId, long epoch) => inner.DeleteAsync(clientId, epoch);
    }
}

using OrleansMqtt.Sessions;

namespace OrleansMqtt.Storage.Specification.Faults;

/// <summary>A session log whose writes go wrong as planned.</summary>
public sealed class FaultySessionLog(ISessionLog inner, FaultPlan faults) : ISessionLog
{
    public ValueTask<SessionLogExtent> OpenAsync(string clientId, long epoch) => new(faults.WriteAsync(() => inner.OpenAsync(clientId, epoch)));

    public ValueTask<ImmutableArray<long>> AppendAsync(string clientId, long epoch, ImmutableArray<SessionLogEntry> entries) =>
        new(faults.WriteAsync(() => inner.AppendAsync(clientId, epoch, entries)));

    public ValueTask<ImmutableArray<StoredLogEntry>> ReadAsync(string clientId, long from, int maximum) => inner.ReadAsync(clientId, from, maximum);

    public ValueTask UpdateAsync(string clientId, long epoch, SessionLogUpdate update) => new(faults.WriteAsync(() => inner.UpdateAsync(clientId, epoch, update)));

    public ValueTask<ImmutableArray<InboundMessage>> ReadInboundAsync(string clientId) => inner.ReadInboundAsync(clientId);

    public ValueTask DeleteAsync(string clientId, long epoch) => new(faults.WriteAsync(() => inner.DeleteAsync(clientId, epoch)));
}

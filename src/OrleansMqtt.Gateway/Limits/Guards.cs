using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>What keeps the clients of a gateway within its limits.</summary>
internal sealed class Guards : IDisposable
{
    private volatile PublishLimits? _publish;

    public Guards(Live<GatewayLimits> limits, TimeProvider time)
    {
        (Limits, Addresses, HalfOpen, Pauses, Users) = (limits, new AddressTable(limits), new HalfOpenConnections(limits), new PauseWheel(time), new UserFlows(time));
        limits.Changed += TakeOver;
        TakeOver();
    }

    /// <summary>The limits in force.</summary>
    public Live<GatewayLimits> Limits { get; }

    /// <summary>Connections by address.</summary>
    public AddressTable Addresses { get; }

    /// <summary>Connections without CONNECT.</summary>
    public HalfOpenConnections HalfOpen { get; }

    /// <summary>Where clients wait for their rates.</summary>
    public PauseWheel Pauses { get; }

    /// <summary>What users have used of their rates.</summary>
    public UserFlows Users { get; }

    /// <summary>What messages may not be; null where they may be anything.</summary>
    public PublishLimits? Publish => _publish;

    /// <inheritdoc/>
    public void Dispose()
    {
        Limits.Changed -= TakeOver;
        Pauses.Dispose();
    }

    private void TakeOver() => _publish = PublishLimits.Of(Limits.Current);
}

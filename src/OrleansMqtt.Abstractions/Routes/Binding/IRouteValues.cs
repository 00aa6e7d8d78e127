namespace OrleansMqtt.Routes.Binding;

/// <summary>What the parameters of mapped code are bound to, for one call.</summary>
internal interface IRouteValues
{
    /// <summary>What a name of the template stands for.</summary>
    string this[string name] { get; }

    /// <summary>The payload.</summary>
    ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The client; null where there is none.</summary>
    MqttClientInfo? Client { get; }

    /// <summary>Cancelled when the call has taken too long.</summary>
    CancellationToken Cancellation { get; }

    /// <summary>The context, as one of the types that the kind of route has (<see cref="RouteKind.Contexts"/>).</summary>
    object Find(Type type);
}

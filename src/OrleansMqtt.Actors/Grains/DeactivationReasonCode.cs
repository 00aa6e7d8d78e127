using System.Diagnostics.CodeAnalysis;

namespace Orleans;

/// <summary>The kinds of reasons for which a grain is deactivated. The bundled runtime uses five of them.</summary>
[SuppressMessage("Design", "CA1028", Justification = "Orleans declares it so.")]
public enum DeactivationReasonCode : byte
{
    /// <summary>No reason.</summary>
    None,

    /// <summary>The silo stops.</summary>
    ShuttingDown,

    /// <summary>Activation failed.</summary>
    ActivationFailed,

    /// <summary>Not used by the bundled runtime.</summary>
    DirectoryFailure,

    /// <summary>Nothing called the grain for its collection age.</summary>
    ActivationIdle,

    /// <summary>Not used by the bundled runtime.</summary>
    ActivationUnresponsive,

    /// <summary>Not used by the bundled runtime.</summary>
    DuplicateActivation,

    /// <summary>Not used by the bundled runtime.</summary>
    IncompatibleRequest,

    /// <summary>A call failed in a way that makes the grain's memory untrustworthy, such as an ETag conflict.</summary>
    ApplicationError,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested,

    /// <summary>The grain has its place in another silo now.</summary>
    Migrating,

    /// <summary>Not used by the bundled runtime.</summary>
    RuntimeRequested,

    /// <summary>Not used by the bundled runtime.</summary>
    HighMemoryPressure,
}

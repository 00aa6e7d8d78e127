using Orleans.Runtime;

namespace OrleansMqtt.Actors.Hosting;

/// <summary>The silos of a cluster as one of them sees them; in its services. Any thread.</summary>
public interface ISiloView
{
    /// <summary>Rises with each change of the silos, before a grain begins here that was elsewhere until then.</summary>
    /// <exception cref="SiloUnavailableException">The silo has not joined yet.</exception>
    long Version { get; }

    /// <summary>Completes when all silos have handed over what the present version takes from them; fails with <see cref="SiloUnavailableException"/> when the silo is none any more.</summary>
    Task Settled { get; }
}

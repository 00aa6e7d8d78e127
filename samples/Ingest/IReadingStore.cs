namespace OrleansMqtt.Samples.Ingest;

/// <summary>Where readings are kept: one for all silos, and outliving each of them. Called by many grains at once.</summary>
public interface IReadingStore
{
    /// <summary>Keeps a reading, unless one of the same message is kept already.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="cancellationToken">Stops waiting; it may be kept all the same.</param>
    /// <returns>A task that completes when it is safe.</returns>
    Task AddAsync(IdentifiedReading reading, CancellationToken cancellationToken);
}

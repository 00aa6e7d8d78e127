namespace OrleansMqtt.Grains.Hosting;

/// <summary>When grains may have come to this silo from others: the runtime's part of <see cref="Sessions.ConnectionSurvey"/>. Any thread.</summary>
public interface IGrainMoves
{
    /// <summary>Another value than before as soon as a grain may begin here that was elsewhere until then.</summary>
    long Version { get; }

    /// <summary>Completes when no more grains come for the reason that made <see cref="Version"/> what it is.</summary>
    Task Settled { get; }
}

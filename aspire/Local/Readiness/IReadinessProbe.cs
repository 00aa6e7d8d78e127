namespace OrleansMqtt.AppHost.Local.Readiness;

/// <summary>Finds out when one run of a program serves.</summary>
internal interface IReadinessProbe
{
    /// <summary>Sees a line that the program wrote.</summary>
    void Observe(string line);

    /// <summary>Waits until it serves.</summary>
    Task WaitAsync(CancellationToken cancellation);
}

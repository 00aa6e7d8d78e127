namespace OrleansMqtt.PromiseCheck.Broker;

/// <summary>What goes wrong with the broker during a run. Each failure begins with <see cref="History.EventKind.Killing"/> in the history, and ends with
/// <see cref="History.EventKind.Accepting"/> when all that has failed is mended.</summary>
internal interface IBrokerControl
{
    /// <summary>Waits until connections are accepted everywhere.</summary>
    /// <returns>A sentence if they are not, or null.</returns>
    Task<string?> WaitUntilAcceptingAsync(CancellationToken stop);

    /// <summary>Whether there is to be one more failure.</summary>
    /// <param name="cycles">How many there were.</param>
    bool IsToFail(int cycles);

    /// <summary>Lets something fail, and mends it.</summary>
    /// <returns>What it was, and a sentence if that could not be done.</returns>
    Task<BrokerCycle> CycleAsync(CancellationToken stop);
}

/// <summary>What a cycle was.</summary>
/// <param name="Failure">What failed, as it goes on behind "the broker".</param>
/// <param name="Problem">Why it could not be done, or null.</param>
internal readonly record struct BrokerCycle(string Failure, string? Problem);

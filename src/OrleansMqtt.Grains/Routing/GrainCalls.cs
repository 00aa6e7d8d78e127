using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansMqtt.Leases;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Routing;

/// <summary>Calls of grains that may be on another silo, which can be lost at any moment.</summary>
internal sealed partial class GrainCalls(TimeProvider time, ILogger logger)
{
    // Longer than it takes until the grains of a lost silo answer elsewhere.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Makes a call, again as long as its silo is what fails. The call may be carried out more than once: whoever is called recognizes a repeat, or may get it twice.
    /// </summary>
    public async Task<T> RepeatAsync<T>(Func<Task<T>> call)
    {
        var start = time.GetTimestamp();
        // The first time at once: mostly the grain is already elsewhere.
        for (var pause = TimeSpan.Zero; ; pause = BackOff.After(pause))
        {
            try
            {
                // Whoever adds the first of what is sent together may be a grain that is gone before the call returns: nothing here waits for its turn.
                return await call().ConfigureAwait(false);
            }
            catch (Exception exception) when (IsOfSilo(exception) && time.GetElapsedTime(start) < Patience)
            {
                LogRepeated(logger, exception);
            }
            await Task.Delay(pause, time).ConfigureAwait(false);
        }
    }

    // What the grain itself or its store said is not among them, but that it is another activation's turn.
    private static bool IsOfSilo(Exception exception) => exception is OrleansMessageRejectionException or TimeoutException or TopicMovedException or InconsistentStateException;

    [LoggerMessage(22, LogLevel.Warning, "A grain could not be reached; it is called again.")]
    private static partial void LogRepeated(ILogger logger, Exception exception);
}

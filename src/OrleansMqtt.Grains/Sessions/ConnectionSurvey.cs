using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Gateways;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Sessions;

/// <summary>
/// Sees to it that no client has two connections after silos have come or gone. Of a clean session nothing is stored: an activation that is lost, or moves, takes with it that its client is connected.
/// </summary>
/// <remarks>
/// While it is in doubt whether grains of this silo had other activations before, one that knows of no connection asks all gateways to end what its client may have before it lets the
/// client in. Meanwhile the gateways are told to make their connections known; when all have done so, nothing is in doubt. What makes that enough: the version is read before it is settled, so each
/// connection that an activation elsewhere was asked for is with its gateway by then, or in its handshake; a gateway that registers later has none of them; one that is missing in the registry is gone.
/// </remarks>
internal sealed partial class ConnectionSurvey : IDisposable
{
    private readonly IGrainMoves _moves;
    private readonly IGrainFactory _grains;
    private readonly IGatewayDirectory _directory;
    private readonly LeaseTimes _times;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Gathering<Question> _questions;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private long _surveyed = long.MinValue;

    public ConnectionSurvey(IGrainMoves moves, IGrainFactory grains, IGatewayDirectory directory, LeaseTimes times, TimeProvider time, ILogger<ConnectionSurvey> logger)
    {
        (_moves, _grains, _directory, _times, _time, _logger) = (moves, grains, directory, times, time, logger);
        _questions = new Gathering<Question>(AskAsync, logger);
    }

    private sealed class Question(FormerConnection former)
    {
        public FormerConnection Former => former;

        public long Found { get; set; }
    }

    /// <summary>Whether a client of a grain that knows of no connection may have one nevertheless.</summary>
    public bool IsInDoubt => _moves.Version != Volatile.Read(ref _surveyed);

    // Nobody is admitted or refused for longer than this.
    private TimeSpan Patience => 3 * _times.Gateway;

    /// <summary>Begins.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <summary>Ends what a client may have of connections, wherever. Returns <paramref name="epoch"/>, or what is higher than all that it had.</summary>
    /// <exception cref="TimeoutException">It could not be found out in time.</exception>
    public async Task<long> CloseFormerAsync(string clientId, long epoch)
    {
        while (true)
        {
            var question = new Question(new FormerConnection(clientId, epoch));
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _questions.TryAdd(question, failure =>
            {
                if (failure is null) asked.SetResult();
                else asked.SetException(failure);
            });
            await asked.Task;
            if (question.Found < epoch) return epoch;
            // The clock of the silo that gave it is ahead.
            epoch = question.Found + 1;
        }
    }

    private async Task AskAsync(List<Question> questions)
    {
        var start = _time.GetTimestamp();
        ImmutableArray<FormerConnection> former = [.. questions.Select(static question => question.Former)];
        var roster = await RepeatAsync(start, () => _grains.GetGrain<IGatewayRegistryGrain>(0).ReadAsync());
        // Nothing of those that are gone.
        foreach (var found in await Task.WhenAll(roster.Gateways.Select(gateway => RepeatAsync(start, () => OfGatewayAsync(gateway.Name, connections => connections.CloseFormerAsync(former))))))
            for (var i = 0; !found.IsDefault && i < found.Length; i++) questions[i].Found = Math.Max(questions[i].Found, found[i]);
    }

    // The default when the gateway is gone: then it has no connections.
    private async Task<T?> OfGatewayAsync<T>(string gateway, Func<IGatewayConnections, Task<T>> call)
    {
        if (await _directory.FindAsync(gateway) is not { } endpoint) return default;
        var answer = CallAsync();
        return await _directory.AnswersAsync(gateway, answer) ? await answer : default;

        async Task<T> CallAsync() => await call(await endpoint.GetConnectionsAsync());
    }

    private async Task<T> RepeatAsync<T>(long start, Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when ((PassingFailure.Is(exception) || exception is IOException) && _time.GetElapsedTime(start) < Patience)
            {
                LogRepeated(_logger, exception);
            }
            await Task.Delay(_times.Retry, _time, _stopping.Token);
        }
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            if (IsInDoubt) await TrySurveyAsync();
            await Task.Delay(_times.Round, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TrySurveyAsync()
    {
        try
        {
            await SurveyAsync().WaitAsync(_stopping.Token);
        }
#pragma warning disable CA1031 // Until it succeeds it is in doubt; the next round tries again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!_stopping.IsCancellationRequested) LogFailed(_logger, exception);
        }
    }

    private async Task SurveyAsync()
    {
        var version = _moves.Version;
        await _moves.Settled;
        var roster = await _grains.GetGrain<IGatewayRegistryGrain>(0).ReadAsync();
        await Task.WhenAll(roster.Gateways.Select(gateway => ConfirmAsync(gateway.Name, version)));
        if (_moves.Version == version) Volatile.Write(ref _surveyed, version);
    }

    private async Task ConfirmAsync(string gateway, long version)
    {
        long pass = 0;
        while ((pass = await OfGatewayAsync(gateway, connections => connections.ConfirmAsync(pass))) != 0 && _moves.Version == version)
            await Task.Delay(_times.Retry, _time, _stopping.Token);
    }

    [LoggerMessage(70, LogLevel.Warning, "It could not be asked which connections there are; trying again.")]
    private static partial void LogRepeated(ILogger logger, Exception exception);

    [LoggerMessage(71, LogLevel.Warning, "Not all gateways have made their connections known; until they have, clients that connect are asked after.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

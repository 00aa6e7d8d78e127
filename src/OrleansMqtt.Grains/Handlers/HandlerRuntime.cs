using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Grains.Handlers.Filters;
using OrleansMqtt.Handlers;
using OrleansMqtt.Handlers.Payloads;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Grains.Handlers;

/// <inheritdoc cref="IHandlerRuntime"/>
internal sealed partial class HandlerRuntime(HandlerTable table, HandlerPublisher publisher, PayloadCodecs codecs, TimeProvider time, ILogger<HandlerRuntime> logger) : IHandlerRuntime
{
    // Publishers of the first messages of a batch do not wait for the last ones.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<HandlerResult> HandleAsync(object grain, HandlerBatch batch)
    {
        // The thread may be one that reads from another silo, which no user's code is to hold up.
        if (!Thread.CurrentThread.IsThreadPoolThread) await Task.Run(static () => { });
        HandlerScope.Begin();
        var begun = time.GetTimestamp();
        var outcomes = ImmutableArray.CreateBuilder<HandlerOutcome>(batch.Messages.Length);
        foreach (var message in batch.Messages)
        {
            var outcome = await HandleAsync(grain, batch, message);
            outcomes.Add(outcome);
            if (outcome.State is HandlerState.Failed or HandlerState.TimedOut)
            {
                // What it has in memory may be ahead of what it has stored.
                (grain as IGrainBase)?.DeactivateOnIdle();
                break;
            }
            if (outcome.State == HandlerState.Unknown || time.GetElapsedTime(begun) > Budget) break;
        }
        return new HandlerResult(outcomes.DrainToImmutable());
    }

    /// <inheritdoc/>
    public Task PublishAsync(Message message) => publisher.PublishAsync(message);

    /// <inheritdoc/>
    public Task<Message?> ReadRetainedAsync(string topic) => publisher.ReadRetainedAsync(topic);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Encode<T>(T payload) => codecs.Encode(payload);

    private async Task<HandlerOutcome> HandleAsync(object grain, HandlerBatch batch, HandlerMessage message)
    {
        if (table.Find(message.Handler) is not { } handler || !handler.Class.IsInstanceOfType(grain)) return Unknown(message);
        var values = new Range[handler.Template.Names.Length];
        if (!handler.Template.TryMatch(message.Message.Topic, values)) return Unknown(message);
        var context = new TopicContext(this, message, batch.Source, batch.Floor, handler.Template.Names, values);
        Task? handling = null;
        try
        {
            handling = handler.Method.Invoke(grain, context, out var reason);
            if (handling is null) return new HandlerOutcome(HandlerState.Unreadable, reason);
            if (handling.IsCompleted) await handling;
            else await handling.WaitAsync(handler.Timeout, time);
            return new HandlerOutcome(HandlerState.Handled, Decision: handler.Filter is { } filter ? Checked(filter, await (Task<FilterDecision>)handling, message.Message, values) : null);
        }
        catch (TimeoutException) when (handling is { IsCompleted: false })
        {
            context.Cancel();
            Abandon(handling, handler);
            LogTimedOut(logger, handler.Name, KeyOf(grain, context), handler.Timeout);
            return new HandlerOutcome(HandlerState.TimedOut, $"The handler took longer than {handler.Timeout}.");
        }
#pragma warning disable CA1031 // Whatever it is: the message has failed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, handler.Name, KeyOf(grain, context), message.Attempt);
            return new HandlerOutcome(HandlerState.Failed, Reasons.Of(exception));
        }
    }

    private static FilterDecision Checked(FilterRole filter, FilterDecision? decision, Message message, Range[] values)
    {
        if (decision is null) throw new InvalidOperationException("The filter has returned no decision.");
        if (decision.Topic is { } topic && !filter.MayMove(message.Topic, values, Encoding.UTF8.GetBytes(topic)))
            throw new InvalidOperationException(filter.MovesTo is null ? "The filter has moved a message without MovesTo." : "The filter has moved a message elsewhere than its MovesTo says.");
        return decision;
    }

    // Of mapped code the topic.
    private static string KeyOf(object grain, TopicContext context) => grain is IAddressable addressable ? addressable.GetPrimaryKeyString() : context.Topic;

    private static HandlerOutcome Unknown(HandlerMessage message) => new(HandlerState.Unknown, $"The silo that has the grain does not know the handler {message.Handler}.");

    private void Abandon(Task handling, TopicHandler handler) => handling.ContinueWith(
        task => LogFailedLate(logger, task.Exception!.InnerException!, handler.Name),
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    [LoggerMessage(80, LogLevel.Warning, "The handler {Handler} of grain {Key} failed, attempt {Attempt}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string handler, string key, int attempt);

    [LoggerMessage(81, LogLevel.Warning, "The handler {Handler} of grain {Key} took longer than {Timeout}, and is no longer waited for.")]
    private static partial void LogTimedOut(ILogger logger, string handler, string key, TimeSpan timeout);

    [LoggerMessage(82, LogLevel.Warning, "The handler {Handler}, which had taken too long, failed in the end.")]
    private static partial void LogFailedLate(ILogger logger, Exception exception, string handler);
}

using System.Collections.Immutable;
using System.Reflection;
using System.Threading.Channels;

namespace OrleansMqtt.Handlers.Tests.Support;

/// <summary>A handler's grain that answers what the test says. A proxy, since a class would be one of the silos' grains; public and not sealed, as the proxy derives from it.</summary>
public class ScriptedGrain : DispatchProxy
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private readonly Channel<(HandlerBatch Batch, TaskCompletionSource<HandlerResult> Answer)> _calls =
        Channel.CreateUnbounded<(HandlerBatch, TaskCompletionSource<HandlerResult>)>();

    /// <summary>The next call.</summary>
    internal async Task<(HandlerBatch Batch, TaskCompletionSource<HandlerResult> Answer)> CallAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(Guard);

    /// <summary>Answers the next call, and returns what it brought: each payload, or the attempt behind it.</summary>
    internal async Task<string> AnswerAsync(params HandlerState[] states)
    {
        var (batch, answer) = await CallAsync();
        answer.SetResult(new HandlerResult([.. (states.Length > 0 ? states : Enumerable.Repeat(HandlerState.Handled, batch.Messages.Length))
            .Select(static state => new HandlerOutcome(state, state == HandlerState.Handled ? null : $"it is {state}"))]));
        return Describe(batch);
    }

    /// <summary>What a call brings: payloads, with the attempt where it is not the first.</summary>
    internal static string Describe(HandlerBatch batch) => string.Join(' ', batch.Messages.Select(static message =>
        System.Text.Encoding.UTF8.GetString(message.Message.Payload) + (message.Attempt > 1 ? $"#{message.Attempt}" : "")));

    internal bool HasCall => _calls.Reader.Count > 0;

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = new TaskCompletionSource<HandlerResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Writer.TryWrite(((HandlerBatch)args![0]!, answer));
        return answer.Task;
    }
}

/// <summary>A factory of that grain alone.</summary>
public class ScriptedFactory : DispatchProxy
{
    private object _grain = null!;

    internal static (IGrainFactory Grains, ScriptedGrain Grain) Create()
    {
        var factory = Create<IGrainFactory, ScriptedFactory>();
        var grain = ((ScriptedFactory)(object)factory)._grain = Create<ITopicHandlerGrain, ScriptedGrain>();
        return (factory, (ScriptedGrain)grain);
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _grain;
}

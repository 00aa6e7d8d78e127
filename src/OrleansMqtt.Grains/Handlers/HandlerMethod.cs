using System.Reflection;
using OrleansMqtt.Handlers;
using OrleansMqtt.Handlers.Payloads;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>The method that handles, compiled: called without reflection.</summary>
internal abstract class HandlerMethod
{
    /// <summary>Calls it with a message. Null, and a reason, when the payload can't be read. What it throws at once is thrown.</summary>
    public abstract Task? Invoke(object grain, TopicContext context, out string? reason);

    /// <summary>Of a method that takes the context alone.</summary>
    public static HandlerMethod Of(MethodInfo method) => Create(typeof(ContextMethod<>), [method.ReflectedType!], method);

    /// <summary>Of a method that takes the payload too.</summary>
    /// <param name="method">The method.</param>
    /// <param name="payload">The type of the payload.</param>
    /// <param name="codec">The <see cref="IPayloadCodec{T}"/> of that type.</param>
    public static HandlerMethod Of(MethodInfo method, Type payload, object codec) => Create(typeof(PayloadMethod<,>), [method.ReflectedType!, payload], method, codec);

    private static HandlerMethod Create(Type open, Type[] arguments, params object[] parameters) =>
        (HandlerMethod)Activator.CreateInstance(open.MakeGenericType(arguments), BindingFlags.Instance | BindingFlags.Public, null, parameters, null)!;

    // Also those that return a task with a decision.
    private static bool ReturnsTask(MethodInfo method) => typeof(Task).IsAssignableFrom(method.ReturnType);

    private sealed class ContextMethod<TGrain>(MethodInfo method) : HandlerMethod
    {
        private readonly Func<TGrain, TopicContext, Task>? _task = ReturnsTask(method) ? method.CreateDelegate<Func<TGrain, TopicContext, Task>>() : null;
        private readonly Func<TGrain, TopicContext, ValueTask>? _valueTask = method.ReturnType == typeof(ValueTask) ? method.CreateDelegate<Func<TGrain, TopicContext, ValueTask>>() : null;
        private readonly Func<TGrain, TopicContext, ValueTask<FilterDecision>>? _decision =
            method.ReturnType == typeof(ValueTask<FilterDecision>) ? method.CreateDelegate<Func<TGrain, TopicContext, ValueTask<FilterDecision>>>() : null;

        public override Task Invoke(object grain, TopicContext context, out string? reason)
        {
            reason = null;
            if (_task is not null) return _task((TGrain)grain, context);
            return _decision is null ? _valueTask!((TGrain)grain, context).AsTask() : _decision((TGrain)grain, context).AsTask();
        }
    }

    private sealed class PayloadMethod<TGrain, TPayload>(MethodInfo method, IPayloadCodec<TPayload> codec) : HandlerMethod
    {
        private readonly Func<TGrain, TopicContext, TPayload, Task>? _task = ReturnsTask(method) ? method.CreateDelegate<Func<TGrain, TopicContext, TPayload, Task>>() : null;
        private readonly Func<TGrain, TopicContext, TPayload, ValueTask>? _valueTask =
            method.ReturnType == typeof(ValueTask) ? method.CreateDelegate<Func<TGrain, TopicContext, TPayload, ValueTask>>() : null;
        private readonly Func<TGrain, TopicContext, TPayload, ValueTask<FilterDecision>>? _decision =
            method.ReturnType == typeof(ValueTask<FilterDecision>) ? method.CreateDelegate<Func<TGrain, TopicContext, TPayload, ValueTask<FilterDecision>>>() : null;

        public override Task? Invoke(object grain, TopicContext context, out string? reason)
        {
            if (!PayloadCodecs.TryRead(codec, context.Payload, out var payload, out reason)) return null;
            if (_task is not null) return _task((TGrain)grain, context, payload);
            return _decision is null ? _valueTask!((TGrain)grain, context, payload).AsTask() : _decision((TGrain)grain, context, payload).AsTask();
        }
    }
}

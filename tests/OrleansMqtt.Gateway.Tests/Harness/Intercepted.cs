using System.Reflection;
using Orleans;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>Something whose calls pass through the test: it is told the method's name and how to go on. Public and not sealed, as a proxy derives from it.</summary>
public class Intercepted : DispatchProxy
{
    private object _inner = null!;
    private Func<string, Func<object?>, object?> _between = null!;

    /// <summary>A factory whose grains of one interface pass through the test.</summary>
    public static IGrainFactory Grains<TGrain>(IGrainFactory inner, Func<string, Func<object?>, object?> between)
        where TGrain : class =>
        Of(inner, (_, next) => next() is var made && made is TGrain grain ? Of(grain, between) : made);

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _between(targetMethod!.Name, () => targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null));

    private static T Of<T>(T inner, Func<string, Func<object?>, object?> between)
        where T : class
    {
        var proxy = Create<T, Intercepted>();
        var intercepted = (Intercepted)(object)proxy;
        (intercepted._inner, intercepted._between) = (inner, between);
        return proxy;
    }
}

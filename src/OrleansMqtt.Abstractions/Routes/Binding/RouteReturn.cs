using System.Reflection;

namespace OrleansMqtt.Routes.Binding;

/// <summary>What becomes of what mapped code returns.</summary>
/// <param name="Result">The type of its result; null for none.</param>
/// <param name="Await">Waits for it, and gives the result.</param>
internal sealed record RouteReturn(Type? Result, Func<object?, Task<object?>> Await)
{
    private static readonly Task<object?> Nothing = Task.FromResult<object?>(null);

    /// <summary>Of code that returns this type.</summary>
    public static RouteReturn Of(Type type)
    {
        if (type == typeof(void)) return new RouteReturn(null, static _ => Nothing);
        if (type == typeof(Task)) return new RouteReturn(null, static task => AwaitAsync((Task?)task));
        if (type == typeof(ValueTask)) return new RouteReturn(null, static task => AwaitAsync(((ValueTask)task!).AsTask()));
        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (open == typeof(Task<>)) return Awaited(nameof(AwaitTaskAsync), type);
        return open == typeof(ValueTask<>) ? Awaited(nameof(AwaitValueTaskAsync), type) : new RouteReturn(type, Task.FromResult);
    }

    private static RouteReturn Awaited(string method, Type type)
    {
        var result = type.GetGenericArguments()[0];
        return new RouteReturn(
            result, typeof(RouteReturn).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(result).CreateDelegate<Func<object?, Task<object?>>>());
    }

    private static async Task<object?> AwaitAsync(Task? task)
    {
        if (task is not null) await task;
        return null;
    }

    private static async Task<object?> AwaitTaskAsync<T>(object? task) => task is null ? null : await (Task<T>)task;

    private static async Task<object?> AwaitValueTaskAsync<T>(object? task) => await (ValueTask<T>)task!;
}

namespace OrleansMqtt.Grains.Handlers;

/// <summary>Whether the code that runs is a handler, or was begun by one.</summary>
internal static class HandlerScope
{
    private static readonly AsyncLocal<bool> Handling = new();

    public static bool IsHandling => Handling.Value;

    /// <summary>What runs from here on is a handler's, up to the end of the asynchronous method that calls this.</summary>
    public static void Begin() => Handling.Value = true;
}

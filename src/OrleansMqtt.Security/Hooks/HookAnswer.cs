namespace OrleansMqtt.Security.Hooks;

/// <summary>What came of asking a hook.</summary>
/// <typeparam name="T">Kind of the answer.</typeparam>
/// <param name="Value">The answer.</param>
/// <param name="Problem">Why there is none, for the log and without what was sent; null when there is one.</param>
internal readonly record struct HookAnswer<T>(T? Value, string? Problem)
    where T : struct
{
    /// <summary>Nothing was answered that could be used.</summary>
    public static HookAnswer<T> None(string problem) => new(null, problem);
}

namespace OrleansMqtt.Processes;

/// <summary>Finds client programs on the PATH; a test whose tool is missing skips and says so.</summary>
internal static class Tool
{
    public static void Require(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            Assert.SkipUnless(OnPath(name), $"{name} is not on the PATH");
    }

    private static bool OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, name)));
}

namespace OrleansMqtt.Architecture.Tests;

/// <summary>The checkout that these tests were built in.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", "node_modules", ".git"];

    public static string Root { get; } = FindRoot();

    /// <summary>All files of some kind under a folder, by their paths relative to <see cref="Root"/>; build output left out.</summary>
    public static IReadOnlyList<string> Files(string folder, params string[] extensions) => [.. Walk(Path.Combine(Root, folder))
        .Where(file => extensions.Contains(Path.GetExtension(file)))
        .Select(static file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)];

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder).Concat(
        Directory.EnumerateDirectories(folder).Where(static f => !Generated.Contains(Path.GetFileName(f))).SelectMany(Walk));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OrleansMqtt.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
        return folder.FullName;
    }
}

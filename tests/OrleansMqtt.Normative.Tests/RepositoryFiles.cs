namespace OrleansMqtt.Normative.Tests;

/// <summary>The committed files that the table is made of, and the table.</summary>
internal static class RepositoryFiles
{
    private static readonly string Tests = Path.Combine(FindRoot(), "tests");
    private static readonly string Here = Path.Combine(Tests, "OrleansMqtt.Normative.Tests");

    public static string Table { get; } = Path.Combine(Tests, "normative.md");

    /// <summary>All statements, in the order of the table: 5.0 before 3.1.1, each in the order of the specification.</summary>
    public static IReadOnlyList<Statement> Statements { get; } = [.. new[] { "5.0", "3.1.1" }.SelectMany(version =>
        File.ReadLines(Path.Combine(Here, $"statements-{version}.txt")).Select(id => new Statement(version, id)))];

    /// <summary>Why a statement has no test. Lines of version, number, reason, separated by tabs.</summary>
    public static IReadOnlyList<(Statement Statement, string Reason)> Exceptions { get; } = [.. File.ReadLines(Path.Combine(Here, "exceptions.tsv")).Select(line =>
    {
        var columns = line.Split('\t');
        return (new Statement(columns[0], columns[1]), columns[2]);
    })];

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "OrleansMqtt.sln"))) return directory.FullName;
        throw new DirectoryNotFoundException("OrleansMqtt.sln stands in no directory above the tests.");
    }
}

using System.Text.RegularExpressions;

namespace OrleansMqtt.Samples.Tests.Docs;

/// <summary>What pages show as C# is compiled and run: each block stands, line by line, in a file of the samples or of their tests.</summary>
public partial class PageTests
{
    private static readonly string Root = FindRoot();
    private static readonly string[] CodeFolders = ["samples", "tests/OrleansMqtt.Samples.Tests"];

    private static IEnumerable<string> Files => Directory.EnumerateFiles(Path.Combine(Root, "samples"), "*.md", SearchOption.AllDirectories)
        .Append(Path.Combine(Root, "docs", "handlers.md")).Append(Path.Combine(Root, "README.md")).Select(static page => Path.GetRelativePath(Root, page));

    public static TheoryData<string> Pages => [.. Files];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_block_of_code_is_compiled(string page)
    {
        var sources = Sources();
        var blocks = Blocks().Matches(File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n"));
        Assert.All(blocks, block => Assert.Contains(sources, source => source.Contains(Plain(block.Groups[1].Value), StringComparison.Ordinal)));
    }

    [Fact]
    public void The_page_has_the_handler_and_its_test_as_they_are()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs/handlers.md")).ReplaceLineEndings("\n");
        foreach (var file in new[] { "samples/Thermostats/ThermostatGrain.cs", "tests/OrleansMqtt.Samples.Tests/Thermostats/ThermostatTests.cs" })
            Assert.Contains($"```csharp\n{File.ReadAllText(Path.Combine(Root, file)).ReplaceLineEndings("\n")}```\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_in_commands_exist()
    {
        var commands = Files.Select(static page => File.ReadAllText(Path.Combine(Root, page))).SelectMany(static text => Projects().Matches(text)).Select(static match => match.Groups[1].Value).ToHashSet();
        Assert.NotEmpty(commands);
        Assert.All(commands, static project => Assert.Single(Directory.EnumerateFiles(Path.Combine(Root, project), "*.csproj")));
    }

    // Indentation aside, which a page has less of.
    private static string Plain(string code) => string.Join('\n', code.ReplaceLineEndings("\n").Split('\n').Select(static line => line.Trim()));

    private static List<string> Sources() => [.. CodeFolders
        .SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(static file => Plain(File.ReadAllText(file)))];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OrleansMqtt.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
        return folder.FullName;
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"(?:--project|dotnet build -c Release) ((?:samples|gateway|silo|aspire|tests)[\w/]*)")]
    private static partial Regex Projects();
}

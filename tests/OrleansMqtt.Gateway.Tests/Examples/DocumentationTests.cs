using System.Reflection;

namespace OrleansMqtt.Gateway.Tests.Examples;

public class DocumentationTests
{
    [Fact]
    public void The_protocols_README_quotes_the_example_as_it_is() =>
        Assert.Contains($"```csharp\n{Between(Read("CodecExampleTests.cs"), "    {\n", "\n\n        var publish")}\n```\n", Read("Protocol.README.md"), StringComparison.Ordinal);

    [Fact]
    public void The_page_on_hooks_quotes_the_example_as_it_is() =>
        Assert.Contains($"```csharp\n{Between(Read("HookExampleTests.cs"), "HookExampleTests\n{\n", "\n\n    [Fact]")}\n```\n", Read("hooks.md"), StringComparison.Ordinal);

    // Without what it is indented by there.
    private static string Between(string text, string before, string behind)
    {
        var start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        var lines = text[start..text.IndexOf(behind, start, StringComparison.Ordinal)].Split('\n');
        var indent = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(line => line.Length < indent ? line : line[indent..]));
    }

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

using System.Reflection;

namespace OrleansMqtt.TestingHost.Tests.Examples;

public class ReadmeTests
{
    [Fact]
    public void The_README_quotes_the_example_as_it_is() => Assert.Contains($"```csharp\n{Read("ExampleTests.cs")}```\n", Read("README.md"), StringComparison.Ordinal);

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

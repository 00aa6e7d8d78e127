namespace OrleansMqtt.Architecture.Tests;

public sealed class SourceTests
{
    private static readonly IReadOnlyList<string> Sources = Repository.Files("src", ".cs");

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        Assert.NotEmpty(Sources);
        Assert.All(Sources, static file => Assert.InRange(Repository.Lines(file).Length, 0, SourceRules.MaximumLines));
    }

    [Fact]
    public void No_source_file_compiles_conditionally() => Assert.Empty(Found(Sources, static (_, line) => SourceRules.IsConditional(line)));

    [Fact]
    public void The_actor_runtime_is_chosen_in_one_place()
    {
        var files = Repository.Files("", ".csproj", ".props", ".targets");
        Assert.Contains("Directory.Build.props", files);
        Assert.Empty(Found(files, SourceRules.ChoosesRuntime));
    }

    [Theory]
    [InlineData("#if DEBUG", true)]
    [InlineData("    # elif X", true)]
    [InlineData("// #if", false)]
    [InlineData("#pragma warning disable X", false)]
    public void Conditional_compilation_is_recognized(string line, bool expected) => Assert.Equal(expected, SourceRules.IsConditional(line));

    [Theory]
    [InlineData("src/OrleansMqtt.Grains/OrleansMqtt.Grains.csproj", true)]
    [InlineData("src/OrleansMqtt.Abstractions/OrleansMqtt.Abstractions.csproj", false)]
    [InlineData("Directory.Build.props", false)]
    [InlineData("Directory.Packages.props", true)]
    [InlineData("gateway/gateway.csproj", true)]
    [InlineData("src/OrleansMqtt.Hosting/OrleansMqtt.Hosting.csproj", false)]
    [InlineData("tests/OrleansMqtt.Actors.Tests/OrleansMqtt.Actors.Tests.csproj", false)]
    [InlineData("src/OrleansMqtt.TestingHost/OrleansMqtt.TestingHost.csproj", false)]
    [InlineData("tests/OrleansMqtt.Grains.Tests/OrleansMqtt.Grains.Tests.csproj", true)]
    public void A_choice_of_the_actor_runtime_is_recognized(string file, bool expected) =>
        Assert.Equal(expected, SourceRules.ChoosesRuntime(file, """  <ItemGroup Condition="'$(ActorRuntime)' == 'Orleans'">"""));

    private static IEnumerable<string> Found(IEnumerable<string> files, Func<string, string, bool> isBreach) =>
        files.SelectMany(file => Repository.Lines(file).Select((line, index) => (line, Where: $"{file}({index + 1})")).Where(l => isBreach(file, l.line)).Select(l => $"{l.Where}: {l.line.Trim()}"));
}

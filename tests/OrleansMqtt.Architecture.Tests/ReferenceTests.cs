namespace OrleansMqtt.Architecture.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public void Every_project_refers_downwards_only()
    {
        Assert.Contains(ProjectFile.All, static project => project.Path == "gateway/gateway.csproj");
        Assert.Empty(ProjectFile.All.SelectMany(ReferenceRules.Breaches));
    }

    [Fact]
    public void The_compiled_protocol_uses_the_base_class_library_only() => Assert.All(
        typeof(Protocol.Connections.Tolerance).Assembly.GetReferencedAssemblies(),
        static name => Assert.StartsWith("System.", name.Name, StringComparison.Ordinal));

    [Theory]
    [InlineData("aspire/aspire.csproj", "gateway/gateway.csproj")]
    [InlineData("gateway/gateway.csproj", "src/OrleansMqtt.Hosting/OrleansMqtt.Hosting.csproj")]
    [InlineData("samples/A/A.csproj", "src/OrleansMqtt.Hosting/OrleansMqtt.Hosting.csproj")]
    [InlineData("src/OrleansMqtt.Hosting/OrleansMqtt.Hosting.csproj", "src/OrleansMqtt.Storage.Redis/OrleansMqtt.Storage.Redis.csproj")]
    [InlineData("src/OrleansMqtt.Client/OrleansMqtt.Client.csproj", "src/OrleansMqtt.Protocol/OrleansMqtt.Protocol.csproj")]
    [InlineData("src/OrleansMqtt.Abstractions/OrleansMqtt.Abstractions.csproj", "src/OrleansMqtt.Actors/OrleansMqtt.Actors.csproj")]
    [InlineData("src/OrleansMqtt.Cli/OrleansMqtt.Cli.csproj", "src/OrleansMqtt.Protocol/OrleansMqtt.Protocol.csproj")]
    [InlineData("src/OrleansMqtt.Cli/OrleansMqtt.Cli.csproj", "src/OrleansMqtt.Client/OrleansMqtt.Client.csproj")]
    [InlineData("src/OrleansMqtt.TestingHost/OrleansMqtt.TestingHost.csproj", "src/OrleansMqtt.Gateway/OrleansMqtt.Gateway.csproj")]
    [InlineData("tests/X/X.csproj", "gateway/gateway.csproj")]
    [InlineData("tests/OrleansMqtt.PromiseCheck/OrleansMqtt.PromiseCheck.csproj", "src/OrleansMqtt.Protocol/OrleansMqtt.Protocol.csproj")]
    [InlineData("tests/OrleansMqtt.PromiseCheck.Tests/A.csproj", "tests/OrleansMqtt.PromiseCheck/OrleansMqtt.PromiseCheck.csproj")]
    public void Downwards_is_allowed(string from, string to) => Assert.Empty(BreachesOf(from, "ProjectReference", to));

    [Theory]
    [InlineData("src/OrleansMqtt.Gateway/OrleansMqtt.Gateway.csproj", "src/OrleansMqtt.Grains/OrleansMqtt.Grains.csproj")]
    [InlineData("src/OrleansMqtt.Storage.Redis/A.csproj", "src/OrleansMqtt.Storage.Sqlite/A.csproj")]
    [InlineData("src/OrleansMqtt.Protocol/OrleansMqtt.Protocol.csproj", "src/OrleansMqtt.Actors/OrleansMqtt.Actors.csproj")]
    [InlineData("src/OrleansMqtt.Abstractions/OrleansMqtt.Abstractions.csproj", "src/OrleansMqtt.Grains/OrleansMqtt.Grains.csproj")]
    [InlineData("src/OrleansMqtt.Grains/OrleansMqtt.Grains.csproj", "tests/X/X.csproj")]
    [InlineData("gateway/gateway.csproj", "silo/silo.csproj")]
    [InlineData("src/OrleansMqtt.Hosting/OrleansMqtt.Hosting.csproj", "gateway/gateway.csproj")]
    [InlineData("gateway/gateway.csproj", "aspire/aspire.csproj")]
    [InlineData("gateway/gateway.csproj", "src/OrleansMqtt.TestingHost/OrleansMqtt.TestingHost.csproj")]
    [InlineData("gateway/gateway.csproj", "src/OrleansMqtt.Actors/OrleansMqtt.Actors.csproj")]
    [InlineData("src/OrleansMqtt.Cli/OrleansMqtt.Cli.csproj", "src/OrleansMqtt.Gateway/OrleansMqtt.Gateway.csproj")]
    [InlineData("src/OrleansMqtt.Cli/OrleansMqtt.Cli.csproj", "gateway/gateway.csproj")]
    [InlineData("src/OrleansMqtt.Protocol/OrleansMqtt.Protocol.csproj", "src/OrleansMqtt.Cli/OrleansMqtt.Cli.csproj")]
    [InlineData("tests/OrleansMqtt.PromiseCheck/OrleansMqtt.PromiseCheck.csproj", "src/OrleansMqtt.Client/OrleansMqtt.Client.csproj")]
    [InlineData("tests/OrleansMqtt.PromiseCheck/OrleansMqtt.PromiseCheck.csproj", "gateway/gateway.csproj")]
    [InlineData("src/OrleansMqtt.Unheard/OrleansMqtt.Unheard.csproj", "src/OrleansMqtt.Protocol/OrleansMqtt.Protocol.csproj")]
    public void Upwards_and_sideways_is_refused(string from, string to) => Assert.NotEmpty(BreachesOf(from, "ProjectReference", to));

    [Theory]
    [InlineData("src/OrleansMqtt.Protocol/OrleansMqtt.Protocol.csproj", "PackageReference", "System.IO.Hashing")]
    [InlineData("src/OrleansMqtt.Protocol/OrleansMqtt.Protocol.csproj", "FrameworkReference", "Microsoft.AspNetCore.App")]
    [InlineData("src/OrleansMqtt.Grains/OrleansMqtt.Grains.csproj", "PackageReference", "Microsoft.Orleans.Server")]
    [InlineData("src/OrleansMqtt.Cli/OrleansMqtt.Cli.csproj", "PackageReference", "Microsoft.Orleans.Client")]
    [InlineData("aspire/aspire.csproj", "PackageReference", "Microsoft.Orleans.Server")]
    public void Packages_where_they_do_not_belong_are_refused(string project, string element, string name) => Assert.NotEmpty(BreachesOf(project, element, name, asPath: false));

    private static IEnumerable<string> BreachesOf(string project, string element, string target, bool asPath = true)
    {
        var reference = asPath ? Path.GetRelativePath(Path.GetDirectoryName(project)!, target) : target;
        return ReferenceRules.Breaches(ProjectFile.Parse(project, $"""<Project><ItemGroup Condition="'$(A)' == ''"><{element} Include="{reference}" /></ItemGroup></Project>"""));
    }
}

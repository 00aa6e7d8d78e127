namespace OrleansMqtt.Hosting.Tests.Configuration;

public sealed class ConfigurationSourcesTests
{
    private const string Variable = "OrleansMqtt__Sys__IntervalSeconds";

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        const string File = """{ "Sys": { "IntervalSeconds": 1 }, /* comments are allowed */ }""";
        Assert.Equal(1, Interval(File));
        WithVariable(Variable, "2", () =>
        {
            Assert.Equal(2, Interval(File));
            Assert.Equal(3, Interval(File, "--Sys:IntervalSeconds=3"));
        });
    }

    [Fact]
    public void Unknown_keys_in_the_environment_are_refused() => WithVariable(
        "OrleansMqtt__Sys__Intervall", "2",
        () => Assert.Equal("Sys:Intervall is not a known key; the nearest one is Sys:IntervalSeconds.", Reading.Of().Problem));

    [Fact]
    public void Unknown_keys_in_the_file_are_refused() =>
        Assert.Equal("AllowedHosts is not a known key; the nearest one is Store:Path.", Reading.OfFile("""{ "AllowedHosts": "*" }""").Problem);

    [Fact]
    public void Environment_variables_of_others_are_not_ours() => WithVariable("Sys__IntervalSeconds", "x", () => Assert.Null(Reading.Of().Problem));

    [Fact]
    public void An_environment_variable_can_name_a_listener() => WithVariable(
        "OrleansMqtt__Listeners__field__Bind", "127.0.0.1:7",
        () => Assert.Equal("field", Assert.Single(Reading.Of().Accepted().Gateway.Listeners).Name));

    [Theory]
    [InlineData("serve")]
    [InlineData("--Store:Path")]
    [InlineData("-s=1")]
    [InlineData("/Store:Path=memory")]
    [InlineData("Store:Path=memory")]
    [InlineData("--=memory")]
    public void An_argument_of_another_form_is_refused_not_skipped(string argument) => Assert.Equal(
        $"The argument \"{argument}\" is not understood; allowed is --Section:Key=value, as in --Listeners:default:Bind=127.0.0.1:1883.",
        Reading.Of(argument).Problem);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "Sys": { "IntervalSeconds": 1, "intervalseconds": 2 } }""")]
    public void A_file_that_is_not_configuration_is_refused_in_one_line(string json)
    {
        var problem = Reading.OfFile(json).Problem!;
        Assert.StartsWith("appsettings.json cannot be read: ", problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    private static int Interval(string file, params string[] arguments) =>
        (int)Reading.OfFile(file, arguments).Accepted().Gateway.SysInterval.TotalSeconds;

    private static void WithVariable(string name, string value, Action test)
    {
        Environment.SetEnvironmentVariable(name, value);
        try
        {
            test();
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }
}

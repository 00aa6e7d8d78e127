using OrleansMqtt.AppHost.Topology;

namespace OrleansMqtt.AppHost.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Without_options_there_are_two_silos_and_two_gateways_on_the_usual_ports()
    {
        var (topology, _, _) = await RunAsync();
        Assert.NotNull(topology);
        Assert.Equal(["silo-1", "silo-2"], topology.Silos.Select(static silo => silo.Name));
        Assert.Equal([new GatewayNode("gateway-1", 1883), new GatewayNode("gateway-2", 1884)], topology.Gateways);
        Assert.Equal(new RedisNode(null, Path.GetFullPath("data/cluster")), topology.Redis);
    }

    [Fact]
    public async Task Options_say_how_many_and_where()
    {
        var (topology, exitCode, _) = await RunAsync("--silos", "3", "--gateways", "1", "--port", "2000", "--data", "/tmp/x");
        Assert.NotNull(topology);
        Assert.Equal((3, 7), (topology.Silos.Count, exitCode));
        Assert.Equal([new GatewayNode("gateway-1", 2000)], topology.Gateways);
        Assert.Equal(new RedisNode(null, "/tmp/x"), topology.Redis);
    }

    [Fact]
    public async Task A_server_that_runs_already_is_used() =>
        Assert.Equal("redis.example:6379,password=x", (await RunAsync("--redis", "redis.example:6379,password=x")).Topology!.Redis.ConnectionString);

    [Theory]
    [InlineData("Option --silos is \"0\"; allowed is a whole number from 1 to 64.", "--silos", "0")]
    [InlineData("Option --gateways is \"many\"; allowed is a whole number from 1 to 64.", "--gateways", "many")]
    [InlineData("Option --port is \"65535\"; allowed is, with 2 gateways, a whole number from 1 to 65534.", "--port", "65535")]
    [InlineData("Options --redis and --data are both there; allowed is one of the two, as a server that runs already keeps its own data.", "--redis", "a:1", "--data", "x")]
    [InlineData("Option --redis is \" \"; allowed is a StackExchange.Redis connection string, as 127.0.0.1:6379.", "--redis", " ")]
    public async Task What_is_not_allowed_is_refused_in_one_sentence(string sentence, params string[] arguments)
    {
        var (topology, exitCode, error) = await RunAsync(arguments);
        Assert.Null(topology);
        Assert.Equal((2, sentence), (exitCode, error.TrimEnd()));
    }

    [Fact]
    public async Task An_argument_that_is_not_known_is_refused()
    {
        var (topology, exitCode, error) = await RunAsync("serve");
        Assert.Null(topology);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("Argument \"serve\" is not known; allowed is ", error, StringComparison.Ordinal);
    }

    private static async Task<(ClusterTopology? Topology, int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        ClusterTopology? seen = null;
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(
            arguments,
            (topology, _, _, _) =>
            {
                seen = topology;
                return Task.FromResult(7);
            },
            TextWriter.Null,
            error,
            TestContext.Current.CancellationToken);
        return (seen, exitCode, error.ToString());
    }
}

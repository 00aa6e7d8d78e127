using OrleansMqtt.Cli.Tests.Harness;

namespace OrleansMqtt.Cli.Tests.Arguments;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("", "orleansmqtt has no command; allowed is bench, import, passwd.")]
    [InlineData("import", "orleansmqtt import has no file; allowed is the path of a mosquitto.conf.")]
    [InlineData("bench", "orleansmqtt bench has no command; allowed is throughput, latency, connect.")]
    [InlineData("bench speed", "Argument \"speed\" is not known to orleansmqtt bench; allowed is throughput, latency, connect.")]
    [InlineData("bench throughput --port 0", "Option --port is \"0\"; allowed is a whole number from 1 to 65535.")]
    [InlineData("bench throughput --port -1", "Option --port is \"-1\"; allowed is a whole number from 1 to 65535.")]
    [InlineData("bench throughput --port", "Option --port has no value; allowed is a whole number from 1 to 65535.")]
    [InlineData("bench throughput --port 1 --port 2", "Option --port is there 2 times; allowed is one time, with a whole number from 1 to 65535.")]
    [InlineData("bench throughput --host a/b", "Option --host is \"a/b\"; allowed is a host name or an IP address.")]
    [InlineData("bench throughput --protocol 3.1", "Option --protocol is \"3.1\"; allowed is 3.1.1 or 5.0.")]
    [InlineData("bench throughput --qos 3", "Option --qos is \"3\"; allowed is 0 or 1 or 2.")]
    [InlineData("bench throughput --topics all", "Option --topics is \"all\"; allowed is own or one or pairs.")]
    [InlineData("bench throughput --payload 15", "Option --payload is \"15\"; allowed is a whole number from 16 to 16777216.")]
    [InlineData("bench throughput --window 65536", "Option --window is \"65536\"; allowed is a whole number from 1 to 65535.")]
    [InlineData("bench throughput --duration 0", "Option --duration is \"0\"; allowed is a number of seconds from 0.1 to 86400.")]
    [InlineData("bench throughput --duration 5s", "Option --duration is \"5s\"; allowed is a number of seconds from 0.1 to 86400.")]
    [InlineData("bench throughput --prefix a/b", "Option --prefix is \"a/b\"; allowed is 1 to 32 letters, digits, - and _.")]
    [InlineData("bench latency --rate 0", "Option --rate is \"0\"; allowed is a number from 0.01 to 100000.")]
    [InlineData("bench connect --clients many", "Option --clients is \"many\"; allowed is a whole number from 1 to 1000000.")]
    [InlineData("bench connect --concurrency 0", "Option --concurrency is \"0\"; allowed is a whole number from 1 to 10000.")]
    [InlineData("bench connect --password p", "Option --password is there without --username; allowed is both, or neither.")]
    [InlineData("bench throughput --subscribers 3", "Option --subscribers is \"3\"; allowed with --topics pairs is as many as --publishers, which is 10.")]
    [InlineData("bench throughput --json /", "Option --json is \"/\"; allowed is a file that can be written, or -.")]
    public async Task A_mistake_is_one_sentence_and_exit_code_2(string arguments, string sentence)
    {
        var result = await Tool.RunAsync(arguments);
        Assert.Equal((2, "", sentence), (result.Code, result.Output, result.Error));
    }

    [Fact]
    public async Task A_word_too_much_is_named_with_what_is_allowed()
    {
        var result = await Tool.RunAsync("bench connect --client 5");
        Assert.Equal(2, result.Code);
        Assert.StartsWith("Argument \"--client\" is not known to orleansmqtt bench connect; allowed is --clients, ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_that_would_not_fit_into_memory_are_refused()
    {
        var result = await Tool.RunAsync("bench throughput --topics own --publishers 100000 --subscribers 201");
        Assert.Equal(2, result.Code);
        Assert.Contains("allowed with 100000 publishers is at most 200,", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("bench --help")]
    [InlineData("bench throughput --help")]
    public async Task Help_is_no_mistake(string arguments)
    {
        var result = await Tool.RunAsync(arguments);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("bench", result.Output, StringComparison.Ordinal);
    }
}

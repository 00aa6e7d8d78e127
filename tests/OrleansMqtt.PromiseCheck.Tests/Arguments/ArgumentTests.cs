namespace OrleansMqtt.PromiseCheck.Tests.Arguments;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("Option --target is missing; allowed is HOST:PORT", "--cycles", "0")]
    [InlineData("Option --kill is missing", "--target", "localhost:1883", "--restart", "true")]
    [InlineData("Option --restart is missing", "--target", "localhost:1883", "--kill", "true")]
    [InlineData("Option --target is \"localhost\"", "--target", "localhost")]
    [InlineData("Option --target is \"localhost:0\"", "--target", "localhost:0")]
    [InlineData("Option --target is \"::1:1883\"", "--target", "::1:1883")]
    [InlineData("Option --target is \"a:1,b\"; allowed is HOST:PORT", "--target", "a:1,b")]
    [InlineData("Option --detection is \"-1\"; allowed is a number from 0", "--target", "a:1", "--detection", "-1")]
    [InlineData("Option --cycles is \"-1\"; allowed is a whole number from 0", "--target", "[::1]:1883", "--cycles", "-1")]
    [InlineData("Option --interval is \"soon\"; allowed is a number from 0.1", "--target", "a:1", "--interval", "soon")]
    [InlineData("Option --seed has no value", "--target", "a:1", "--seed")]
    [InlineData("Option --seed is there 2 times", "--target", "a:1", "--seed", "1", "--seed", "2")]
    [InlineData("Argument \"--sed\" is not known; allowed is --", "--target", "a:1", "--sed", "1")]
    [InlineData("Option --history is \"/no/such/directory\"", "--target", "a:1", "--cycles", "0", "--history", "/no/such/directory")]
    public async Task Wrong_arguments_are_named_and_end_with_2(string sentence, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        Assert.Equal(2, await CommandLine.RunAsync(arguments, output, error, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.StartsWith(sentence, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }
}

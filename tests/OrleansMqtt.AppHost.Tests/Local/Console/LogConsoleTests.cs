using OrleansMqtt.AppHost.Local.Console;

namespace OrleansMqtt.AppHost.Tests.Local.Console;

public sealed class LogConsoleTests
{
    [Fact]
    public void Lines_stand_behind_names_of_one_width()
    {
        using var output = new StringWriter();
        var console = new LogConsole(output, ["redis", "gateway-1"], hasColours: false);
        console.Write("redis", "up");
        console.Write("gateway-1", "up too");
        Assert.Equal(["redis     | up", "gateway-1 | up too", ""], output.ToString().Split(output.NewLine));
    }

    [Fact]
    public void Each_name_has_a_colour()
    {
        using var output = new StringWriter();
        var console = new LogConsole(output, ["a", "b", "c", "d", "e", "f"], hasColours: true);
        foreach (var name in (string[])["a", "b", "f"]) console.Write(name, "x");
        Assert.Equal(["\e[36ma |\e[0m x", "\e[33mb |\e[0m x", "\e[36mf |\e[0m x", ""], output.ToString().Split(output.NewLine));
    }

    [Theory]
    [InlineData(false, null, true)]
    [InlineData(false, "", true)]
    [InlineData(false, "1", false)]
    [InlineData(true, null, false)]
    public void Colours_are_for_terminals_whose_owner_wants_them(bool isRedirected, string? noColour, bool expected) =>
        Assert.Equal(expected, LogConsole.WantsColours(isRedirected, noColour));
}

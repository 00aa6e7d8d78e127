namespace OrleansMqtt.AppHost.Local.Console;

/// <summary>Writes what the programs say, each line behind the name of its program.</summary>
/// <param name="output">Where to.</param>
/// <param name="names">The programs, each of which gets a colour.</param>
/// <param name="hasColours">Whether names are coloured.</param>
internal sealed class LogConsole(TextWriter output, IReadOnlyList<string> names, bool hasColours)
{
    // Cyan, yellow, green, magenta, blue: readable on light and dark. Red is left to errors.
    private static readonly int[] Colours = [36, 33, 32, 35, 34];
    private readonly Dictionary<string, int> _colours = names.Index().ToDictionary(static n => n.Item, static n => Colours[n.Index % Colours.Length]);
    private readonly int _width = names.Max(static name => name.Length);
    private readonly Lock _lock = new();

    /// <summary>Whether a person's terminal gets the lines, and wants colours (https://no-color.org).</summary>
    public static bool WantsColours(bool isRedirected, string? noColour) => !isRedirected && string.IsNullOrEmpty(noColour);

    /// <summary>Writes a line of one of the programs.</summary>
    public void Write(string name, string line)
    {
        var prefix = $"{name.PadRight(_width)} |";
        if (hasColours) prefix = $"\e[{_colours[name]}m{prefix}\e[0m";
        lock (_lock) output.WriteLine($"{prefix} {line}");
    }
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansMqtt.Interop.Tests.Faults;

/// <summary>
/// A test in the format of curl's (https://curl.se/docs/tests.html, its FILEFORMAT): what curl is told to do, what the server does, and what must have passed between the two. Of the format, what
/// tests of MQTT need.
/// </summary>
internal sealed partial class CurlCase
{
    private readonly string _text;
    private readonly string _number;

    /// <summary>Reads one.</summary>
    /// <param name="file">The file, named test and a number.</param>
    /// <param name="variables">What stands for names between % and a word's end.</param>
    public CurlCase(string file, params IEnumerable<(string Name, string Value)> variables)
    {
        // Each byte is a character, and stays one.
        _number = Path.GetFileName(file)["test".Length..];
        _text = Repeat.Replace(File.ReadAllText(file, Encoding.Latin1), static match => string.Concat(Enumerable.Repeat(
            Escape.Replace(match.Groups["text"].Value, static escape => ((char)Convert.ToInt32(escape.Groups["digits"].Value, 16)).ToString()), int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture))));
        foreach (var (name, value) in variables.Append(("TESTNUMBER", _number))) _text = _text.Replace($"%{name}", value, StringComparison.Ordinal);
    }

    /// <summary>Whether curl itself, not one of its test programs, is to be run against an MQTT server.</summary>
    public bool IsForMqtt => Part("client", "server").Trim() == "mqtt" && Part("client", "tool").Length == 0;

    /// <summary>What the server's configuration file says.</summary>
    public string ServerCommand => $"{Part("reply", "servercmd")}Testnum {_number}\n";

    /// <summary>Arguments of curl, as a shell has them.</summary>
    public string Command => Part("client", "command").Trim();

    /// <summary>curl's exit code.</summary>
    public int ErrorCode => Part("verify", "errorcode").Trim() is { Length: > 0 } code ? int.Parse(code, CultureInfo.InvariantCulture) : 0;

    /// <summary>What must have passed, a line for each packet; null where it is not looked at.</summary>
    public IReadOnlyList<string>? Protocol => Part("verify", "protocol") is { Length: > 0 } lines ? Strip(lines.TrimEnd('\n').Split('\n')) : null;

    /// <summary>Writes the files that the test needs, and itself with all variables filled in.</summary>
    public void WriteTo(string folder)
    {
        File.WriteAllText(Path.Combine(folder, $"test{_number}"), _text, Encoding.Latin1);
        if (NamedFile.Match(_text) is { Success: true } file) File.WriteAllText(file.Groups["name"].Value, file.Groups["text"].Value, Encoding.Latin1);
    }

    /// <summary>Lines of a transcript without what differs from run to run.</summary>
    public IReadOnlyList<string> Strip(IEnumerable<string> lines)
    {
        var without = Part("verify", "strip").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var changes = Part("verify", "strippart").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('/')).ToList();
        return [.. lines.Where(line => !without.Any(pattern => Regex.IsMatch(line, pattern))).Select(line => changes.Aggregate(line, static (stripped, change) => Regex.Replace(stripped, change[1], change[2])))];
    }

    private string Part(string section, string part) =>
        Regex.Match(Regex.Match(_text, $@"<{section}>\n(.*?)</{section}>", RegexOptions.Singleline).Groups[1].Value, $@"<{part}( [^>]*)?>\n(?<text>.*?)</{part}>", RegexOptions.Singleline).Groups["text"].Value;

    [GeneratedRegex(@"%repeat\[(?<count>\d+) x (?<text>.*?)\]%")]
    private static partial Regex Repeat { get; }

    [GeneratedRegex("%(?<digits>[0-9A-Fa-f]{2})")]
    private static partial Regex Escape { get; }

    [GeneratedRegex("<file name=\"(?<name>[^\"]+)\">\n(?<text>.*?)</file>", RegexOptions.Singleline)]
    private static partial Regex NamedFile { get; }
}

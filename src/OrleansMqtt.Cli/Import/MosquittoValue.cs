using System.Globalization;

namespace OrleansMqtt.Cli.Import;

/// <summary>Reads values as mosquitto does.</summary>
internal static class MosquittoValue
{
    private const int HourSeconds = 3600, DaySeconds = 24 * HourSeconds;

    /// <summary>True or false; null for anything else.</summary>
    public static bool? Flag(MosquittoLine line) => line.Value switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    /// <summary>A whole number; null for anything else.</summary>
    public static long? Number(MosquittoLine line) => long.TryParse(line.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A time with its unit: hours, days, weeks, months or years; in seconds, null for anything else.</summary>
    public static long? Seconds(MosquittoLine line)
    {
        if (line.Value.Length < 2 || !int.TryParse(line.Value[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
        return line.Value[^1] switch
        {
            'h' => (long)count * HourSeconds,
            'd' => (long)count * DaySeconds,
            'w' => (long)count * 7 * DaySeconds,
            'm' => (long)count * 30 * DaySeconds,
            'y' => (long)count * 365 * DaySeconds,
            _ => null,
        };
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Gateway.Faults;

/// <summary>
/// The file that tells curl's MQTT test server what to do wrong: lines of a key and a value, comments behind #, keys as they stand in curl's tests/server/mqttd.c. Unlike there a line that is not understood is a mistake, and FALSE
/// switches a fault off.
/// </summary>
internal static class MqttdConfig
{
    private const string Keys =
        "version, PUBLISH-before-SUBACK, short-PUBLISH, error-CONNACK, excessive-remaining, remlen-CONNACK, PINGRESP-as-CONNACK, DISCONNECT-malformed or Testnum";

    /// <summary>Reads one.</summary>
    /// <param name="text">The file.</param>
    /// <param name="profile">What holds where the file says nothing; then what holds with it.</param>
    /// <param name="problem">What is wrong with which line.</param>
    public static bool TryParse(string text, ref FaultProfile profile, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        var (read, number) = (profile, 0);
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            problem = words.Length > 2 ? "has more than a key and a value" : Apply(words[0], words.Length > 1 ? words[1] : null, ref read);
            if (problem is null) continue;
            problem = string.Create(CultureInfo.InvariantCulture, $"line {number} {problem}");
            return false;
        }
        profile = read;
        return true;
    }

    // Returns what is wrong with the line.
    private static string? Apply(string key, string? value, ref FaultProfile profile)
    {
        var read = profile;
        var problem = key switch
        {
            "version" => Number(key, value, byte.MaxValue, out var number) ?? Take(read with { Version = (byte)number }),
            "error-CONNACK" => Number(key, value, byte.MaxValue, out var number) ?? Take(read with { ErrorConnAck = (byte)number }),
            "remlen-CONNACK" => Number(key, value, byte.MaxValue, out var number) ?? Take(read with { ConnAckRemaining = (byte)number }),
            "Testnum" => Number(key, value, int.MaxValue, out var number) ?? Take(read with { TestNumber = number }),
            "PUBLISH-before-SUBACK" => Flag(key, value, out var isSet) ?? Take(read with { PublishBeforeSubAck = isSet }),
            "short-PUBLISH" => Flag(key, value, out var isSet) ?? Take(read with { ShortPublish = isSet }),
            "excessive-remaining" => Flag(key, value, out var isSet) ?? Take(read with { ExcessiveRemaining = isSet }),
            "PINGRESP-as-CONNACK" => Flag(key, value, out var isSet) ?? Take(read with { PingRespAsConnAck = isSet }),
            "DISCONNECT-malformed" => Flag(key, value, out var isSet) ?? Take(read with { MalformedDisconnect = isSet }),
            _ => $"has \"{LogText.Escape(key)}\"; allowed is {Keys}",
        };
        profile = read;
        return problem;

        string? Take(FaultProfile changed)
        {
            read = changed;
            return null;
        }
    }

    private static string? Number(string key, string? value, int maximum, out int number) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= maximum
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"has {key} \"{LogText.Escape(value ?? "")}\"; allowed is a whole number from 0 to {maximum}");

    private static string? Flag(string key, string? value, out bool isSet)
    {
        isSet = true;
        return value is null || bool.TryParse(value, out isSet) ? null : $"has {key} \"{LogText.Escape(value)}\"; allowed is TRUE or FALSE";
    }
}

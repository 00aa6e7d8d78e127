using System.Diagnostics.CodeAnalysis;
using System.Text;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>The `Drain` section.</summary>
internal static class DrainSettings
{
    private const int MostClients = 1_000_000, MostSeconds = 3600, LongestReference = 1024;

    /// <summary>Reads it.</summary>
    public static DrainOptions Read(SettingsReader reader)
    {
        var fallback = new DrainOptions();
        return new DrainOptions
        {
            ServerReference = reader.Get("Drain:ServerReference").Parse(TryParseReference, $"an address for clients, or several with a space between them, up to {LongestReference} bytes", fallback.ServerReference),
            ClientsPerSecond = reader.Get("Drain:ClientsPerSecond").Whole(1, MostClients, fallback.ClientsPerSecond),
            MaxTime = TimeSpan.FromSeconds(reader.Get("Drain:MaxSeconds").Whole(0, MostSeconds, (int)fallback.MaxTime.TotalSeconds)),
        };
    }

    // Empty: as if it were not set, so that a file can name the key. Without control characters, which no text of the protocol should have [MQTT-1.5.4-2].
    private static bool TryParseReference(string text, [MaybeNullWhen(false)] out string? reference)
    {
        reference = text.Length == 0 ? null : text;
        return Encoding.UTF8.GetByteCount(text) <= LongestReference && !text.Any(char.IsControl);
    }
}

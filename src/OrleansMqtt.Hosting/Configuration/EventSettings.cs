using OrleansMqtt.Events;
using OrleansMqtt.Hosting.Gateways.Configuration;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>The `Events` section.</summary>
internal static class EventSettings
{
    private const int MostWaiting = 1_000_000;
    private static readonly string[] Kinds = [.. Enum.GetNames<EventKinds>().Where(static name => name != nameof(EventKinds.None))];

    /// <summary>Reads it.</summary>
    /// <param name="reader">The reader.</param>
    public static EventOptions Read(SettingsReader reader)
    {
        var fallback = new EventOptions();
        return new EventOptions
        {
            Publish = reader.Get("Events:Publish").Parse<EventKinds>(TryParse, $"{string.Join(", ", Kinds[..^1])} or {Kinds[^1]}, several with commas between them, or nothing", fallback.Publish),
            MaxWaiting = reader.Get("Events:MaxWaiting").Whole(1, MostWaiting, fallback.MaxWaiting),
        };
    }

    private static bool TryParse(string text, out EventKinds kinds)
    {
        kinds = EventKinds.None;
        foreach (var name in NameList.Split(text))
        {
            if (!Kinds.Contains(name, StringComparer.OrdinalIgnoreCase)) return false;
            kinds |= Enum.Parse<EventKinds>(name, ignoreCase: true);
        }
        return true;
    }
}

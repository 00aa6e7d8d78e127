using System.Globalization;

namespace OrleansMqtt.Cli.Import;

/// <summary>Takes over options that bound something, for the whole broker.</summary>
internal static class ImportedLimits
{
    private const long LargestPacket = 268_435_460;
    // For the topic name, the properties and the header of a message, which mosquitto does not count.
    private const long BesidePayload = 1024;

    private static readonly Dictionary<string, Limit> Limits = new()
    {
        ["max_packet_size"] = new("MaxPacketBytes", 64, LargestPacket, Unlimited: LargestPacket),
        ["max_inflight_messages"] = new("MaxInflightMessages", 1, 65_535, Unlimited: 65_535),
        ["max_inflight_bytes"] = new("MaxInflightBytes", 1, long.MaxValue, Unlimited: long.MaxValue),
        ["max_queued_messages"] = new("MaxQueuedMessages", 1, int.MaxValue, Unlimited: int.MaxValue),
        ["max_queued_bytes"] = new("MaxQueuedBytes", 1, long.MaxValue, Unlimited: long.MaxValue),
        ["max_keepalive"] = new("MaxKeepAliveSeconds", 0, 65_535, Unlimited: 0),
        ["memory_limit"] = new("MaxMemoryBytes", 0, long.MaxValue, Unlimited: 0),
        ["global_max_connections"] = new("MaxConnections", 1, int.MaxValue, Unlimited: null),
        ["global_max_clients"] = new("MaxConnections", 1, int.MaxValue, Unlimited: null),
    };

    /// <summary>Takes over a line; false where it is about no limit.</summary>
    public static bool TryTake(MosquittoLine line, ImportedSettings settings)
    {
        if (Limits.TryGetValue(line.Name, out var limit)) Take(line, limit, settings);
        else if (line.Name == "message_size_limit") TakePayload(line, settings);
        else if (line.Name == "persistent_client_expiration") TakeExpiry(line, settings);
        else if (line.Name == "sys_interval") TakeInterval(line, settings);
        else if (line.Name == "retain_available") TakeRetain(line, settings);
        else return false;
        return true;
    }

    private static void Take(MosquittoLine line, Limit limit, ImportedSettings settings)
    {
        if (MosquittoValue.Number(line) is not { } number)
        {
            settings.Note(line, "is no whole number, and is left out");
            return;
        }
        if (number <= 0)
        {
            if (limit.Unlimited is { } unlimited) settings.Set($"Limits:{limit.Key}", unlimited);
            return;
        }
        var taken = Math.Clamp(number, limit.Minimum, limit.Maximum);
        settings.Set($"Limits:{limit.Key}", taken);
        if (taken != number) settings.Note(line, string.Create(CultureInfo.InvariantCulture, $"is {taken} here, the nearest that Limits:{limit.Key} allows"));
    }

    private static void TakePayload(MosquittoLine line, ImportedSettings settings)
    {
        if (MosquittoValue.Number(line) is not { } number) settings.Note(line, "is no whole number, and is left out");
        else if (number > 0)
        {
            settings.Set("Limits:MaxPacketBytes", Math.Min(number + BesidePayload, LargestPacket));
            settings.Note(line, string.Create(CultureInfo.InvariantCulture, $"bounds payloads; Limits:MaxPacketBytes bounds whole packets and is set to it and {BesidePayload} bytes for the rest"));
        }
    }

    private static void TakeExpiry(MosquittoLine line, ImportedSettings settings)
    {
        if (MosquittoValue.Seconds(line) is { } seconds) settings.Set("Limits:MaxSessionExpirySeconds", Math.Min(seconds, uint.MaxValue));
        else settings.Note(line, "is no number of hours, days, weeks, months or years, and is left out");
    }

    private static void TakeInterval(MosquittoLine line, ImportedSettings settings)
    {
        if (MosquittoValue.Number(line) is >= 0 and <= 86_400 and var seconds) settings.Set("Sys:IntervalSeconds", seconds);
        else settings.Note(line, "is no number of seconds from 0 to 86400, and is left out");
    }

    private static void TakeRetain(MosquittoLine line, ImportedSettings settings)
    {
        if (MosquittoValue.Flag(line) is { } flag) settings.Set("Limits:RetainAvailable", flag);
        else settings.Note(line, "is neither true nor false, and is left out");
    }

    /// <param name="Key">Under `Limits`.</param>
    /// <param name="Minimum">Smallest value there.</param>
    /// <param name="Maximum">Largest one.</param>
    /// <param name="Unlimited">What stands for no limit there; null where the key is left out for it.</param>
    private sealed record Limit(string Key, long Minimum, long Maximum, long? Unlimited);
}

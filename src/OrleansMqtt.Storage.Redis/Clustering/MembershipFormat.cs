using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace OrleansMqtt.Storage.Redis.Clustering;

/// <summary>A row of the membership table as Microsoft.Orleans.Clustering.Redis writes it; only times always have all their digits.</summary>
internal static class MembershipFormat
{
    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    public static byte[] Encode(MembershipEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WritePropertyName(nameof(entry.SiloAddress));
        Write(writer, entry.SiloAddress);
        writer.WriteNumber(nameof(entry.Status), (int)entry.Status);
        if (entry.SuspectTimes is null) writer.WriteNull(nameof(entry.SuspectTimes));
        else Write(writer, nameof(entry.SuspectTimes), entry.SuspectTimes);
        writer.WriteNumber(nameof(entry.ProxyPort), entry.ProxyPort);
        writer.WriteString(nameof(entry.HostName), entry.HostName);
        writer.WriteString(nameof(entry.SiloName), entry.SiloName);
        writer.WriteString(nameof(entry.RoleName), entry.RoleName);
        writer.WriteNumber(nameof(entry.UpdateZone), entry.UpdateZone);
        writer.WriteNumber(nameof(entry.FaultZone), entry.FaultZone);
        writer.WriteString(nameof(entry.StartTime), Time(entry.StartTime));
        writer.WriteString(nameof(entry.IAmAliveTime), Time(entry.IAmAliveTime));
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">The text is no such row.</exception>
    public static MembershipEntry Decode(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var row = document.RootElement;
            return new MembershipEntry
            {
                SiloAddress = ReadSilo(row.GetProperty(nameof(MembershipEntry.SiloAddress))),
                Status = ReadStatus(row.GetProperty(nameof(MembershipEntry.Status))),
                SuspectTimes = ReadSuspectTimes(row.GetProperty(nameof(MembershipEntry.SuspectTimes))),
                ProxyPort = row.GetProperty(nameof(MembershipEntry.ProxyPort)).GetInt32(),
                HostName = row.GetProperty(nameof(MembershipEntry.HostName)).GetString()!,
                SiloName = row.GetProperty(nameof(MembershipEntry.SiloName)).GetString()!,
                RoleName = row.GetProperty(nameof(MembershipEntry.RoleName)).GetString(),
                UpdateZone = row.GetProperty(nameof(MembershipEntry.UpdateZone)).GetInt32(),
                FaultZone = row.GetProperty(nameof(MembershipEntry.FaultZone)).GetInt32(),
                StartTime = ReadTime(row.GetProperty(nameof(MembershipEntry.StartTime))),
                IAmAliveTime = ReadTime(row.GetProperty(nameof(MembershipEntry.IAmAliveTime))),
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private static void Write(Utf8JsonWriter writer, SiloAddress silo)
    {
        writer.WriteStartObject();
        writer.WriteString(nameof(MembershipEntry.SiloAddress), silo.ToParsableString());
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, List<Tuple<SiloAddress, DateTime>> suspectTimes)
    {
        writer.WriteStartArray(name);
        foreach (var (silo, time) in suspectTimes)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("Item1");
            Write(writer, silo);
            writer.WriteString("Item2", Time(time));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static SiloAddress ReadSilo(JsonElement element) =>
        SiloAddress.FromParsableString(element.GetProperty(nameof(MembershipEntry.SiloAddress)).GetString() ?? throw new FormatException("A silo has no address."));

    private static SiloStatus ReadStatus(JsonElement element) => element.GetInt32() is var status and >= (int)SiloStatus.None and <= (int)SiloStatus.Dead
        ? (SiloStatus)status
        : throw new FormatException("A status is unknown.");

    private static List<Tuple<SiloAddress, DateTime>>? ReadSuspectTimes(JsonElement element) => element.ValueKind == JsonValueKind.Null
        ? null
        : [.. element.EnumerateArray().Select(static vote => Tuple.Create(ReadSilo(vote.GetProperty("Item1")), ReadTime(vote.GetProperty("Item2"))))];

    private static DateTime ReadTime(JsonElement element) => element.GetDateTimeOffset().UtcDateTime;
}

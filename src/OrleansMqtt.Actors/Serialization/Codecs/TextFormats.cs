using Orleans.Runtime;

namespace OrleansMqtt.Actors.Serialization;

internal readonly struct StringFormat : IWireFormat<string?>
{
    public static void Write(ref WireWriter writer, uint skipped, string? value)
    {
        if (value is null)
        {
            writer.Null(skipped);
        }
        else
        {
            writer.Text(skipped, value);
        }
    }

    public static string? Read(ref WireReader reader, WireType wire) => wire == WireType.Null ? null : reader.Text(wire);
}

internal readonly struct UriFormat : IWireFormat<Uri?>
{
    public static void Write(ref WireWriter writer, uint skipped, Uri? value) => StringFormat.Write(ref writer, skipped, value?.OriginalString);

    public static Uri? Read(ref WireReader reader, WireType wire) =>
        StringFormat.Read(ref reader, wire) is not { } text ? null
        : Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var uri) ? uri
        : throw new WireFormatException("A text that is no URI.");
}

internal readonly struct VersionFormat : IWireFormat<Version?>
{
    public static void Write(ref WireWriter writer, uint skipped, Version? value) => StringFormat.Write(ref writer, skipped, value?.ToString());

    public static Version? Read(ref WireReader reader, WireType wire) =>
        StringFormat.Read(ref reader, wire) is not { } text ? null
        : Version.TryParse(text, out var version) ? version
        : throw new WireFormatException("A text that is no version.");
}

internal readonly struct SiloAddressFormat : IWireFormat<SiloAddress?>
{
    public static void Write(ref WireWriter writer, uint skipped, SiloAddress? value) =>
        StringFormat.Write(ref writer, skipped, value?.ToParsableString());

    public static SiloAddress? Read(ref WireReader reader, WireType wire)
    {
        try
        {
            return StringFormat.Read(ref reader, wire) is { } text ? SiloAddress.FromParsableString(text) : null;
        }
        catch (FormatException exception)
        {
            throw new WireFormatException("A text that is no silo address.", exception);
        }
    }
}

using System.Globalization;

namespace Orleans.Runtime;

/// <summary>How integers and GUIDs are written as keys; the same text as Orleans uses.</summary>
internal static class GrainKeys
{
    public static string Of(long key) => key.ToString("X", CultureInfo.InvariantCulture);

    public static string Of(Guid key) => key.ToString("N");

    public static bool TryParse(string key, out long value) =>
        long.TryParse(key, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    public static bool TryParse(string key, out Guid value) => Guid.TryParseExact(key, "N", out value);
}

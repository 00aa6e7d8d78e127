using System.Net;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Http;

/// <summary>The `Http` section.</summary>
/// <param name="Bind">Where to listen; null: nowhere.</param>
/// <param name="IsDefault">Whether nobody asked for this address: then it may be taken by another program, and there is no HTTP.</param>
internal sealed record HttpSettings(IPEndPoint? Bind, bool IsDefault)
{
    private const string None = "none";

    /// <summary>Reads it.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="allowAnonymous">Whether addresses that other machines can reach may be open to anybody.</param>
    public static HttpSettings Read(SettingsReader reader, bool allowAnonymous)
    {
        var setting = reader.Get("Http:Bind");
        var bind = setting.Parse<IPEndPoint?>(TryParse, "none, or host:port with an IP address or localhost and a port from 0 to 65535", new IPEndPoint(IPAddress.Loopback, 8080));
        if (bind is not null && !allowAnonymous && !NetworkAddress.IsLocal(bind))
            reader.Report($"Http:Bind is \"{setting.Text}\", which other machines can reach, and no authentication is configured; allowed is a loopback address, or any with Authentication:AllowAnonymous=true.");
        return new HttpSettings(bind, setting.Text is null);
    }

    private static bool TryParse(string text, out IPEndPoint? bind)
    {
        bind = null;
        if (text.Equals(None, StringComparison.OrdinalIgnoreCase)) return true;
        bind = NetworkAddress.TryParseBind(text, out var endPoint) ? endPoint as IPEndPoint : null;
        return bind is not null;
    }
}

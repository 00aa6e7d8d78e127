using System.Net;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Hosts.Configuration;

namespace OrleansMqtt.GatewayHost.Configuration;

/// <summary>
/// The `Listeners` section. What stands under `default` holds for every listener that does not say otherwise, except the address.
/// `default` is itself a listener where it has an address of its own, or where there is no other.
/// </summary>
internal static class ListenerSettings
{
    private const string Section = "Listeners";
    private const string Default = "default";
    private static readonly string[] LaterKeys = ["CertificateFile", "KeyFile", "ClientCaFile", "RequireClientCertificate"];

    /// <summary>Reads it; at least one listener.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="allowAnonymous">Whether addresses that other machines can reach may be open to anybody.</param>
    public static IReadOnlyList<ListenerOptions> Read(SettingsReader reader, bool allowAnonymous)
    {
        // Read even where it only lends its values, so that its keys are known and checked.
        var lending = ReadOne(reader, Default);
        var listeners = reader.NamesUnder(Section).Where(static name => !IsDefault(name)).Select(name => ReadOne(reader, name)).ToList();
        if (listeners.Count == 0 || reader.Get($"{Section}:{Default}:Bind").Text is not null) listeners.Insert(0, lending);
        CheckDistinct(reader, listeners);
        if (!allowAnonymous) CheckLocal(reader, listeners);
        return listeners;
    }

    private static ListenerOptions ReadOne(SettingsReader reader, string name)
    {
        var fallback = new ListenerOptions();
        Get("Transport").Only("tcp", "tls, ws, wss and quic come");
        foreach (var key in LaterKeys) reader.RefuseUntilLater($"{Section}:{name}:{key}");
        return new ListenerOptions
        {
            Name = name,
            Bind = reader.Get($"{Section}:{name}:Bind").Parse<EndPoint>(NetworkAddress.TryParseBind, NetworkAddress.BindForm, fallback.Bind),
            Tolerant = Get("Tolerant").Flag(fallback.Tolerant),
            ProxyProtocol = Get("ProxyProtocol").Flag(fallback.ProxyProtocol),
        };

        Setting Get(string key) => reader.Get($"{Section}:{name}:{key}", IsDefault(name) ? null : $"{Section}:{Default}:{key}");
    }

    private static void CheckDistinct(SettingsReader reader, List<ListenerOptions> listeners)
    {
        foreach (var same in listeners.Where(static l => l.Bind is not IPEndPoint { Port: 0 }).GroupBy(static l => l.Bind).Where(static g => g.Count() > 1))
            reader.Report($"{Section}:{same.ElementAt(1).Name}:Bind is \"{same.Key}\", which listener {same.First().Name} has already; allowed is another address or port.");
    }

    private static void CheckLocal(SettingsReader reader, List<ListenerOptions> listeners)
    {
        if (listeners.Find(static l => !NetworkAddress.IsLocal(l.Bind)) is { } open)
            reader.Report($"{Section}:{open.Name}:Bind is \"{open.Bind}\", which other machines can reach, and no authentication is configured; allowed is a loopback address, or any with Authentication:AllowAnonymous=true.");
    }

    private static bool IsDefault(string name) => name.Equals(Default, StringComparison.OrdinalIgnoreCase);
}

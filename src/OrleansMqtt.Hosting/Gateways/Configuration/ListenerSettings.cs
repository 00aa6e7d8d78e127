using System.Net;
using System.Net.Sockets;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>
/// The `Listeners` section. What stands under `default` holds for every listener that does not say otherwise, except the address.
/// `default` is itself a listener where it has an address of its own, or where there is no other.
/// </summary>
internal static class ListenerSettings
{
    private const string Section = "Listeners";

    /// <summary>Reads it; at least one listener.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="allowAnonymous">Whether clients that nobody knows are served by listeners that do not say so themselves; null where that is not said.</param>
    /// <param name="authenticators">The names of those that can be asked.</param>
    public static IReadOnlyList<ListenerOptions> Read(SettingsReader reader, bool? allowAnonymous, IReadOnlyList<string> authenticators)
    {
        var names = reader.NamesUnder(Section).Where(static name => !ListenerKeys.IsDefault(name)).ToList();
        if (names.Count == 0 || reader.Get($"{Section}:{ListenerKeys.Default}:Bind").Text is not null) names.Insert(0, ListenerKeys.Default);
        // Known even where it only lends its values.
        ListenerKeys.KnowAll(reader, ListenerKeys.Default);
        var listeners = names.ConvertAll(name => ReadOne(new ListenerKeys(reader, Section, name, names.Count == 1)));
        CheckDistinct(reader, listeners);
        foreach (var listener in listeners) CheckAsked(reader, listener, authenticators);
        CheckLocal(reader, listeners, allowAnonymous, authenticators);
        CheckFaulty(reader, listeners, allowAnonymous);
        return listeners;
    }

    private static ListenerOptions ReadOne(ListenerKeys keys)
    {
        var fallback = new ListenerOptions();
        var transport = keys.Get("Transport").Parse<ListenerTransport>(TryParseTransport, "tcp, tls, ws, wss or quic", fallback.Transport);
        var bind = keys.Own("Bind").Parse<EndPoint>(NetworkAddress.TryParseBind, NetworkAddress.BindForm, fallback.Bind);
        keys.CheckAllowed(transport, bind);
        return new ListenerOptions
        {
            Name = keys.Name,
            Bind = bind,
            Transport = transport,
            Tls = transport is ListenerTransport.Tcp or ListenerTransport.Ws ? null : ListenerTlsSettings.Read(keys, transport),
            WebSocket = new ListenerWebSocketOptions
            {
                Path = keys.Get("Path").Parse<string>(TryParsePath, "a path such as /mqtt", fallback.WebSocket.Path),
                Origins = keys.Get("Origins").Parse<IReadOnlyList<string>>(TryParseOrigins, "origins such as https://example.org with commas between them", fallback.WebSocket.Origins),
            },
            Mode = keys.Get("Mode").Parse<UnixFileMode?>(TryParseMode, "an octal file mode from 000 to 777", fallback.Mode),
            MaxConnections = keys.Get("MaxConnections").Whole(0, int.MaxValue, fallback.MaxConnections),
            WhenFull = keys.Get("WhenFull").Choice(fallback.WhenFull),
            ProxyProtocol = keys.Get("ProxyProtocol").Flag(fallback.ProxyProtocol),
            Tolerant = keys.Get("Tolerant").Flag(fallback.Tolerant),
            AllowAnonymous = keys.Get("AllowAnonymous").Parse<bool?>(TryParseFlag, "true or false", fallback.AllowAnonymous),
            Authenticators = keys.Get("Authenticators").Parse<IReadOnlyList<string>?>(TryParseNames, "names of authenticators with commas between them", fallback.Authenticators),
            MountPoint = keys.Get("MountPoint").Parse<string>(TryParseMountPoint, "the beginning of a topic name, without + or #", fallback.MountPoint),
            Faults = FaultSettings.Read(keys),
        };
    }

    private static bool TryParseTransport(string text, out ListenerTransport transport) => Enum.TryParse(text, ignoreCase: true, out transport) && !int.TryParse(text, out _);

    private static bool TryParsePath(string text, out string path)
    {
        path = text;
        return text.StartsWith('/') && !text.AsSpan().ContainsAny("?# %");
    }

    private static bool TryParseOrigins(string text, out IReadOnlyList<string> origins)
    {
        origins = NameList.Split(text);
        return origins.All(static origin => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && uri.AbsolutePath is "" or "/" && !origin.EndsWith('/'));
    }

    private static bool TryParseMode(string text, out UnixFileMode? mode)
    {
        mode = text.Length is 3 or 4 && text.All(static digit => digit is >= '0' and <= '7') ? (UnixFileMode)Convert.ToInt32(text, 8) : null;
        return mode is { } bits && ((int)bits & ~0x1FF) == 0;
    }

    private static bool TryParseFlag(string text, out bool? flag)
    {
        var isFlag = bool.TryParse(text, out var value);
        flag = value;
        return isFlag;
    }

    private static bool TryParseNames(string text, out IReadOnlyList<string>? names)
    {
        names = NameList.Split(text);
        return names.All(static name => name.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'));
    }

    private static bool TryParseMountPoint(string text, out string mountPoint)
    {
        mountPoint = text;
        return !text.Any(static c => c is '+' or '#' or '$' || char.IsControl(c));
    }

    private static void CheckDistinct(SettingsReader reader, List<ListenerOptions> listeners)
    {
        // QUIC's ports are not TCP's.
        var bound = listeners.Where(static l => l.Bind is not IPEndPoint { Port: 0 }).GroupBy(static l => (l.Bind, l.Transport == ListenerTransport.Quic));
        foreach (var same in bound.Where(static g => g.Count() > 1))
            reader.Report($"{Section}:{same.ElementAt(1).Name}:Bind is \"{same.Key.Bind}\", which listener {same.First().Name} has already; allowed is another address or port.");
    }

    private static void CheckAsked(SettingsReader reader, ListenerOptions listener, IReadOnlyList<string> authenticators)
    {
        if (listener.Authenticators?.Except(authenticators).FirstOrDefault() is not { } unknown) return;
        var allowed = authenticators.Count == 0 ? "to leave it out, for there are none" : $"names of {string.Join(", ", authenticators)} with commas between them";
        reader.Report($"{Section}:{listener.Name}:Authenticators has \"{unknown}\", which is not configured; allowed is {allowed}.");
    }

    // Who asks nobody, or lets anybody in, does so on purpose.
    private static void CheckLocal(SettingsReader reader, List<ListenerOptions> listeners, bool? allowAnonymous, IReadOnlyList<string> authenticators)
    {
        if (listeners.Find(l => (l.AllowAnonymous ?? allowAnonymous) != true && (l.Authenticators ?? authenticators).Count == 0 && !NetworkAddress.IsLocal(l.Bind)) is { } open)
            reader.Report($"{Section}:{open.Name}:Bind is \"{open.Bind}\", which other machines can reach, and no authentication is configured; allowed is a loopback address, or any with {AuthenticationSettings.AllowAnonymousKey}=true.");
    }

    // What does wrong on purpose is not to be met by anybody by chance.
    private static void CheckFaulty(SettingsReader reader, List<ListenerOptions> listeners, bool? allowAnonymous)
    {
        if (listeners.Find(l => l.Faults is not null && (l.AllowAnonymous ?? allowAnonymous) != true && !NetworkAddress.IsLocal(l.Bind)) is { } open)
            reader.Report($"{Section}:{open.Name}:Bind is \"{open.Bind}\", which other machines can reach, and the listener injects faults; allowed is a loopback address, or any with {Section}:{open.Name}:AllowAnonymous=true.");
    }
}

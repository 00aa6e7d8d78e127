using System.Globalization;
using System.Net;

namespace OrleansMqtt.Cli.Import;

/// <summary>Takes over one listener after the other.</summary>
internal sealed class ImportedListeners(ImportedSettings settings)
{
    private const int HttpPort = 8080;

    private readonly HashSet<string> _names = [];
    private readonly Dictionary<int, MosquittoLine?> _ports = [];

    /// <summary>Takes over a listener, all but who may come in.</summary>
    public void Take(MosquittoListener listener)
    {
        var isWebSocket = listener.Find("protocol") is { Value: "websockets" };
        var isEncrypted = listener.Find("certfile") is not null;
        var transport = (isWebSocket, isEncrypted) switch { (true, true) => "wss", (true, false) => "ws", (false, true) => "tls", _ => "tcp" };
        var (bind, suffix) = Address(listener);
        listener.Name = NameOf($"{transport}-{suffix}");
        Set("Bind", bind);
        Set("Transport", transport);
        if (isEncrypted) TakeCertificates(listener);
        if (listener.Find("mount_point") is { } mount) TakeMountPoint(listener, mount);
        if (listener.Find("max_connections") is { } most) TakeConnections(listener, most);
        if (listener.Find("protocol") is { } protocol)
        {
            if (isWebSocket) settings.Note(protocol, $"clients come to one path, which is /mqtt; Listeners:{listener.Name}:Path sets another");
            else if (protocol.Value != "mqtt") settings.Note(protocol, "is none of mqtt and websockets; the listener is taken over as one for MQTT");
        }
        foreach (var line in listener.Lines)
            if (NoCounterpart.Of(line.Name) is { } reason) settings.Note(line, reason);

        void Set(string key, System.Text.Json.Nodes.JsonNode value) => settings.Set($"Listeners:{listener.Name}:{key}", value);
    }

    /// <summary>Puts the gateway's HTTP server elsewhere, where a listener has the port that it has by default.</summary>
    public void MoveHttp()
    {
        if (!_ports.TryGetValue(HttpPort, out var line)) return;
        var bind = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Enumerable.Range(HttpPort, ushort.MaxValue).First(port => !_ports.ContainsKey(port))}");
        settings.Set("Http:Bind", bind);
        if (line is not null) settings.Note(line, $"has the port that is the gateway's for HTTP by default; Http:Bind is {bind}");
    }

    private static string WithoutBrackets(string host) => host is ['[', .., ']'] ? host[1..^1] : host;

    // The address, and what tells it from others in a name.
    private (string Bind, string Suffix) Address(MosquittoListener listener)
    {
        var line = listener.Find("listener") ?? listener.Find("port");
        var parts = (line?.Value ?? "1883").Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } words ? words : ["1883"];
        var host = parts.Length > 1 ? parts[1] : listener.Find("bind_address")?.Value;
        if (parts[0] == "0" && host is ['/', ..]) return ($"unix:{host}", "unix");
        if (!ushort.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            settings.Note(line!, "has no port from 1 to 65535; the listener is put on 1883");
            (parts[0], port) = ("1883", 1883);
        }
        _ports[port] = line;
        return ($"{HostOf(listener, line, host)}:{parts[0]}", parts[0]);
    }

    private string HostOf(MosquittoListener listener, MosquittoLine? line, string? host)
    {
        if (listener.IsLocal) return "127.0.0.1";
        if (host is null) return listener.Find("socket_domain") is { Value: "ipv4" } ? "0.0.0.0" : "[::]";
        if (host == "localhost") return "127.0.0.1";
        if (IPAddress.TryParse(WithoutBrackets(host), out var address)) return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        settings.Note(listener.Find("bind_address") ?? line!, "names a host, and a listener needs an address; it is put on 127.0.0.1 until Bind says another");
        return "127.0.0.1";
    }

    private void TakeCertificates(MosquittoListener listener)
    {
        Copy("certfile", "CertificateFile");
        Copy("keyfile", "KeyFile");
        var authorities = listener.Find("cafile");
        if (listener.IsOn("require_certificate"))
        {
            Copy("cafile", "ClientCaFile");
            Copy("crlfile", "CrlFile");
            settings.Set($"Listeners:{listener.Name}:RequireClientCertificate", true);
        }
        else
        {
            foreach (var useless in (MosquittoLine?[])[authorities, listener.Find("crlfile")])
                if (useless is not null) settings.Note(useless, "is left out, since no client is asked for a certificate");
        }
        if (listener.Find("tls_version") is not { } version) return;
        if (version.Value is "tlsv1.2" or "tlsv1.3") settings.Set($"Listeners:{listener.Name}:MinimumTls", version.Value[4..]);
        else settings.Note(version, "is left out: TLS 1.2 is the oldest version here");

        void Copy(string option, string key)
        {
            if (listener.Find(option) is { } line) settings.Set($"Listeners:{listener.Name}:{key}", line.Value);
        }
    }

    private void TakeMountPoint(MosquittoListener listener, MosquittoLine mount)
    {
        if (mount.Value.AsSpan().ContainsAny('+', '#', '$')) settings.Note(mount, "is left out: it is not the beginning of a topic name");
        else settings.Set($"Listeners:{listener.Name}:MountPoint", mount.Value);
    }

    private void TakeConnections(MosquittoListener listener, MosquittoLine most)
    {
        if (MosquittoValue.Number(most) is not { } number || number > int.MaxValue) settings.Note(most, "is no whole number, and is left out");
        else if (number > 0) settings.Set($"Listeners:{listener.Name}:MaxConnections", number);
        else if (number == 0) settings.Note(most, "lets nobody in; left out, since 0 is any number here");
    }

    private string NameOf(string wanted)
    {
        var name = wanted;
        for (var i = 2; !_names.Add(name); i++) name = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{i}");
        return name;
    }
}

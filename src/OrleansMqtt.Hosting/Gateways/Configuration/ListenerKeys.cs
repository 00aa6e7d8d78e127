using System.Net;
using System.Net.Sockets;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>The keys of one listener, each found under its own name or under `default`.</summary>
/// <param name="Reader">The reader.</param>
/// <param name="Section">The section of all listeners.</param>
/// <param name="Name">The listener.</param>
/// <param name="IsAlone">Whether there is no other: then `default` lends nothing to anybody.</param>
internal sealed record ListenerKeys(SettingsReader Reader, string Section, string Name, bool IsAlone)
{
    public const string Default = "default";

    private static readonly string[] OfTls = ["CertificateFile", "KeyFile", "ClientCaFile", "CrlFile", "RequireClientCertificate", "MinimumTls"];
    private static readonly string[] OfWebSockets = ["Path", "Origins"];
    private static readonly string[] OfAll = ["Bind", "Transport", "Mode", "MaxConnections", "WhenFull", "ProxyProtocol", "Tolerant", "AllowAnonymous", "Authenticators", "MountPoint", .. FaultSettings.Keys];

    public static bool IsDefault(string name) => name.Equals(Default, StringComparison.OrdinalIgnoreCase);

    /// <summary>What a listener's own key says, or else what `default` says.</summary>
    public Setting Get(string key) => Reader.Get($"{Section}:{Name}:{key}", IsDefault(Name) ? null : $"{Section}:{Default}:{key}");

    /// <summary>What a listener's own key says.</summary>
    public Setting Own(string key) => Reader.Get($"{Section}:{Name}:{key}");

    /// <summary>Host names that have certificates of their own, and the section that they stand under: the listener's, or else that of `default`.</summary>
    public (string Section, IReadOnlyList<string> Hosts) CertificateHosts()
    {
        var own = $"{Section}:{Name}:Certificates";
        var inherited = $"{Section}:{Default}:Certificates";
        var hosts = Reader.NamesUnder(own);
        return hosts.Count > 0 ? (own, hosts) : (inherited, Reader.NamesUnder(inherited));
    }

    /// <summary>Makes all keys known, whether or not a listener of this name is opened.</summary>
    public static void KnowAll(SettingsReader reader, string name)
    {
        var keys = new ListenerKeys(reader, "Listeners", name, IsAlone: false);
        foreach (var key in (string[])[.. OfAll, .. OfTls, .. OfWebSockets]) keys.Own(key);
        keys.KnowCertificates();
    }

    /// <summary>Reports a key that the listener's transport has no use for, unless `default` lends it.</summary>
    public void CheckAllowed(ListenerTransport transport, EndPoint bind)
    {
        KnowCertificates();
        var (isEncrypted, isWebSocket) = (transport is ListenerTransport.Tls or ListenerTransport.Wss or ListenerTransport.Quic, transport is ListenerTransport.Ws or ListenerTransport.Wss);
        foreach (var key in OfTls) Check(key, isEncrypted, "Transport tls, wss or quic");
        foreach (var host in Reader.NamesUnder($"{Section}:{Name}:Certificates")) Check($"Certificates:{host}:CertificateFile", isEncrypted, "Transport tls, wss or quic");
        foreach (var key in OfWebSockets) Check(key, isWebSocket, "Transport ws or wss");
        Check("Mode", bind is UnixDomainSocketEndPoint, "a Bind of the form unix:/path");
        Check("ProxyProtocol", transport != ListenerTransport.Quic, "any Transport but quic");
        if (transport == ListenerTransport.Quic && bind is not IPEndPoint)
            Reader.Report($"{Section}:{Name}:Bind is \"unix:{bind}\", which Transport quic can't have; allowed is host:port.");
    }

    private void Check(string key, bool isAllowed, string place)
    {
        var setting = Own(key);
        if (isAllowed || string.IsNullOrEmpty(setting.Text) || (IsDefault(Name) && !IsAlone)) return;
        Reader.Report($"{setting.Key} is set, but belongs to listeners with {place}; allowed here is to leave it out.");
    }

    private void KnowCertificates()
    {
        foreach (var host in Reader.NamesUnder($"{Section}:{Name}:Certificates"))
        {
            Own($"Certificates:{host}:CertificateFile");
            Own($"Certificates:{host}:KeyFile");
        }
    }
}

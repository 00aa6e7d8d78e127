namespace OrleansMqtt.Cli.Import;

/// <summary>What a mosquitto.conf says of one listener.</summary>
internal sealed class MosquittoListener
{
    /// <summary>Options that belong to the listener above them, or before the first <c>listener</c> to the default one.</summary>
    public static readonly IReadOnlySet<string> Options = new HashSet<string>
    {
        "max_connections", "mount_point", "protocol", "socket_domain", "bind_interface", "http_dir", "use_username_as_clientid", "max_qos", "max_topic_alias", "max_topic_alias_broker",
        "cafile", "capath", "certfile", "keyfile", "crlfile", "require_certificate", "tls_version", "ciphers", "ciphers_tls1.3", "dhparamfile", "tls_engine", "tls_engine_kpass_sha1",
        "tls_keyform", "use_identity_as_username", "use_subject_as_username", "psk_hint", "port", "bind_address", "listener", "accept_protocol_versions",
    };

    /// <summary>Options that belong to a listener where <c>per_listener_settings</c> says so.</summary>
    public static readonly IReadOnlySet<string> Checks = new HashSet<string> { "allow_anonymous", "password_file", "acl_file" };

    private readonly Dictionary<string, MosquittoLine> _lines = [];

    /// <summary>Its name here.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whether nothing is said of where it listens. Then mosquitto listens for this machine alone, and lets anybody in.</summary>
    public bool IsLocal => Find("listener") is null && Find("port") is null && Find("bind_address") is null;

    /// <summary>Its options.</summary>
    public IEnumerable<MosquittoLine> Lines => _lines.Values;

    /// <summary>Adds an option; the last one of a name holds.</summary>
    public void Add(MosquittoLine line) => _lines[line.Name] = line;

    /// <summary>An option; null where it is not set.</summary>
    public MosquittoLine? Find(string name) => _lines.GetValueOrDefault(name);

    /// <summary>An option that can be on.</summary>
    public bool IsOn(string name) => Find(name) is { } line && MosquittoValue.Flag(line) == true;
}

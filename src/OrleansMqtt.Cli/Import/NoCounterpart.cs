namespace OrleansMqtt.Cli.Import;

/// <summary>Options of mosquitto that are not taken over, and why.</summary>
internal static class NoCounterpart
{
    private const string Bridges = "there are no bridges to other brokers", PreSharedKeys = "there are no pre-shared keys; certificates are what clients can prove themselves by",
        Plugins = "mosquitto's plugins cannot be loaded; see IAuthenticator and IAuthorizer, and the hooks Authentication:Http and Authorization:Http",
        Ciphers = "the ciphers are those of the system's TLS library", Logs = "logs go to the console, and what is logged is set by Logging:LogLevel", Database = "the store saves each change by itself; messages of mosquitto's database are not taken over",
        Obsolete = "has no meaning here";

    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["allow_zero_length_clientid"] = "clients may leave their identifier empty, and get one",
        ["auto_id_prefix"] = "identifiers that clients get have no prefix of one's choice",
        ["clientid_prefixes"] = "client identifiers are not restricted by a prefix; an access list with %c, or an authenticator of one's own, does more",
        ["check_retain_source"] = "who published a retained message is not looked at again when it is sent",
        ["queue_qos0_messages"] = "messages of QoS 0 are not kept for clients that are away",
        ["upgrade_outgoing_qos"] = "messages are sent with the lower of the two qualities of service, as the specification says",
        ["set_tcp_nodelay"] = "is set by the transport, always",
        ["user"] = "the process keeps the user that starts it",
        ["pid_file"] = "no file with the process number is written",
        ["bind_interface"] = "a listener has an address, not an interface; set Bind to an address of the interface",
        ["http_dir"] = "no files are served",
        ["capath"] = "authorities are in one file: put those of the folder into one and name it as ClientCaFile",
        ["tls_engine"] = "keys are files in PEM", ["tls_engine_kpass_sha1"] = "keys are files in PEM", ["tls_keyform"] = "keys are files in PEM",
        ["ciphers"] = Ciphers, ["ciphers_tls1.3"] = Ciphers, ["dhparamfile"] = Ciphers,
        ["use_username_as_clientid"] = "identifiers are not replaced; Authentication:Certificate:ClientId or a token's claim can bind them",
        ["accept_protocol_versions"] = "every listener takes MQTT 3.1, 3.1.1 and 5.0",
        ["websockets_headers_size"] = Obsolete, ["websockets_log_level"] = Logs,
        ["max_topic_alias_broker"] = "set Limits:MaxOutboundTopicAliases",
        ["psk_hint"] = PreSharedKeys, ["psk_file"] = PreSharedKeys,
        ["persistence_file"] = Database, ["autosave_interval"] = Database, ["autosave_on_changes"] = Database,
        ["log_dest"] = Logs, ["log_type"] = Logs, ["log_facility"] = Logs, ["log_timestamp"] = Logs, ["log_timestamp_format"] = Logs, ["connection_messages"] = Logs,
        ["retry_interval"] = Obsolete, ["store_clean_interval"] = Obsolete, ["max_log_entries"] = Obsolete,
        ["include_dir"] = "stands in a file that was included; mosquitto does not follow it there",
        ["plugin"] = Plugins, ["auth_plugin"] = Plugins, ["global_plugin"] = Plugins, ["auth_plugin_deny_special_chars"] = Plugins, ["plugin_load"] = Plugins, ["plugin_use"] = Plugins,
        ["connection"] = Bridges, ["address"] = Bridges, ["addresses"] = Bridges, ["topic"] = Bridges, ["cleansession"] = Bridges, ["local_cleansession"] = Bridges, ["clientid"] = Bridges,
        ["username"] = Bridges, ["password"] = Bridges, ["idle_timeout"] = Bridges, ["keepalive_interval"] = Bridges, ["local_clientid"] = Bridges, ["local_username"] = Bridges,
        ["local_password"] = Bridges, ["notifications"] = Bridges, ["notifications_local_only"] = Bridges, ["notification_topic"] = Bridges, ["remote_clientid"] = Bridges,
        ["remote_username"] = Bridges, ["remote_password"] = Bridges, ["restart_timeout"] = Bridges, ["round_robin"] = Bridges, ["start_type"] = Bridges, ["threshold"] = Bridges,
        ["try_private"] = Bridges,
    };

    /// <summary>Why an option is not taken over; null where it is.</summary>
    public static string? Of(string name) =>
        Reasons.GetValueOrDefault(name)
        ?? (name.StartsWith("bridge_", StringComparison.Ordinal) ? Bridges : name.StartsWith("plugin_opt_", StringComparison.Ordinal) || name.StartsWith("auth_opt_", StringComparison.Ordinal) ? Plugins : null);
}

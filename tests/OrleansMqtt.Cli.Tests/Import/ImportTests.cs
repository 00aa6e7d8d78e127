using System.Text.Json.Nodes;
using OrleansMqtt.Cli.Import;
using OrleansMqtt.Cli.Tests.Harness;

namespace OrleansMqtt.Cli.Tests.Import;

public sealed class ImportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleansmqtt-import-");

    [Fact]
    public void Everything_that_has_a_counterpart_is_taken_over()
    {
        var settings = Import("""
            # a comment
            per_listener_settings false
            allow_anonymous false
            password_file /etc/mosquitto/passwd
            acl_file /etc/mosquitto/acl
            max_packet_size 100000
            max_inflight_messages 30
            max_inflight_bytes 0
            max_queued_messages 0
            max_queued_bytes 5000000
            max_keepalive 600
            memory_limit 1000000000
            persistent_client_expiration 2w
            retain_available false
            sys_interval 30
            persistence true
            persistence_location /var/lib/mosquitto/

            listener 1883
            socket_domain ipv4
            max_connections 100
            mount_point site/
            max_qos 1

            listener 8883 10.0.0.1
            certfile /etc/ssl/broker.pem
            keyfile /etc/ssl/broker.key
            cafile /etc/ssl/clients.pem
            crlfile /etc/ssl/clients.crl
            require_certificate true
            use_identity_as_username true
            tls_version tlsv1.3
            max_connections -1
            max_qos 1

            listener 8080
            protocol websockets
            max_qos 1

            listener 0 /run/mosquitto.sock
            max_qos 1
            """);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {
              "Listeners": {
                "tcp-1883": { "Bind": "0.0.0.0:1883", "Transport": "tcp", "MountPoint": "site/", "MaxConnections": 100, "Authenticators": "password" },
                "tls-8883": {
                  "Bind": "10.0.0.1:8883", "Transport": "tls", "CertificateFile": "/etc/ssl/broker.pem", "KeyFile": "/etc/ssl/broker.key", "ClientCaFile": "/etc/ssl/clients.pem",
                  "CrlFile": "/etc/ssl/clients.crl", "RequireClientCertificate": true, "MinimumTls": "1.3", "Authenticators": "certificate"
                },
                "ws-8080": { "Bind": "[::]:8080", "Transport": "ws", "Authenticators": "password" },
                "tcp-unix": { "Bind": "unix:/run/mosquitto.sock", "Transport": "tcp", "Authenticators": "password" }
              },
              "Authentication": { "AllowAnonymous": false, "PasswordFile": "/etc/mosquitto/passwd", "Certificate": { "UserName": "CommonName" } },
              "Authorization": { "AclFile": "/etc/mosquitto/acl" },
              "Limits": {
                "MaxQoS": 1, "MaxPacketBytes": 100000, "MaxInflightMessages": 30, "MaxInflightBytes": 9223372036854775807, "MaxQueuedMessages": 2147483647, "MaxQueuedBytes": 5000000,
                "MaxKeepAliveSeconds": 600, "MaxMemoryBytes": 1000000000, "MaxSessionExpirySeconds": 1209600, "RetainAvailable": false
              },
              "Http": { "Bind": "127.0.0.1:8081" },
              "Sys": { "IntervalSeconds": 30 },
              "Store": { "Path": "/var/lib/mosquitto/" }
            }
            """), JsonNode.Parse(settings.Json)), settings.Json);
        Assert.Equal(["persistence", "listener", "protocol"], settings.Notes.Select(static note => note.Line.Name));
    }

    [Fact]
    public void A_listener_may_have_checks_of_its_own()
    {
        var settings = Import("""
            port 1883
            bind_address localhost
            allow_anonymous true
            listener 1884 ::1
            password_file /a
            acl_file /x
            listener 1885 127.0.0.1
            password_file /b
            per_listener_settings true
            """);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {
              "Listeners": {
                "tcp-1883": { "Bind": "127.0.0.1:1883", "Transport": "tcp", "AllowAnonymous": true, "Authenticators": "" },
                "tcp-1884": { "Bind": "[::1]:1884", "Transport": "tcp", "AllowAnonymous": false },
                "tcp-1885": { "Bind": "127.0.0.1:1885", "Transport": "tcp", "AllowAnonymous": false }
              },
              "Authentication": { "PasswordFile": "/a" },
              "Authorization": { "AclFile": "/x" },
              "Store": { "Path": "memory" }
            }
            """), JsonNode.Parse(settings.Json)), settings.Json);
        Assert.Equal(
            ["6: acl_file: holds for the listeners that have none in mosquitto too", "8: password_file: the password file is one for all listeners here, and the first one is taken over"], Notes(settings));
    }

    [Fact]
    public void Without_a_listener_there_is_one_for_this_machine_and_for_anybody()
    {
        var settings = Import("max_connections 5");
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"Listeners":{"tcp-1883":{"Bind":"127.0.0.1:1883","Transport":"tcp","MaxConnections":5}},"Authentication":{"AllowAnonymous":true},"Store":{"Path":"memory"}}"""),
            JsonNode.Parse(settings.Json)), settings.Json);
    }

    [Theory]
    [InlineData("listener 1883 broker.example", "names a host, and a listener needs an address; it is put on 127.0.0.1 until Bind says another")]
    [InlineData("listener many", "has no port from 1 to 65535; the listener is put on 1883")]
    [InlineData("max_packet_size 20", "is 64 here, the nearest that Limits:MaxPacketBytes allows")]
    [InlineData("max_queued_messages many", "is no whole number, and is left out")]
    [InlineData("message_size_limit 1000", "bounds payloads; Limits:MaxPacketBytes bounds whole packets and is set to it and 1024 bytes for the rest")]
    [InlineData("persistent_client_expiration never", "is no number of hours, days, weeks, months or years, and is left out")]
    [InlineData("allow_anonymous yes", "is neither true nor false; nobody without a name is let in")]
    [InlineData("per_listener_settings yes", "is neither true nor false, and taken as false")]
    [InlineData("mount_point a/+/", "is left out: it is not the beginning of a topic name")]
    [InlineData("max_connections 0", "lets nobody in; left out, since 0 is any number here")]
    [InlineData("psk_file /secret", "there are no pre-shared keys; certificates are what clients can prove themselves by")]
    [InlineData("connection other", "there are no bridges to other brokers")]
    [InlineData("remote_password hunter2", "there are no bridges to other brokers")]
    [InlineData("bridge_cafile /x", "there are no bridges to other brokers")]
    [InlineData("plugin /x.so", "mosquitto's plugins cannot be loaded; see IAuthenticator and IAuthorizer, and the hooks Authentication:Http and Authorization:Http")]
    [InlineData("something else", "is not known")]
    public void What_has_none_is_listed_with_its_line(string line, string reason)
    {
        var settings = Import("# first\n" + line);
        Assert.Equal([$"2: {line.Split(' ')[0]}: {reason}"], Notes(settings));
        Assert.DoesNotContain("hunter2", settings.Notes[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Listeners_that_differ_where_all_are_the_same_here_are_listed()
    {
        Assert.Equal(
            ["2: max_qos: Limits:MaxQoS holds for all listeners, and not all have the same number; left out"], Notes(Import("listener 1883\nmax_qos 1\nlistener 1884")));
        Assert.Equal(
            ["1: max_connections: is about a listener that mosquitto does not open, since others are named and this one has no port"], Notes(Import("max_connections 3\nlistener 1884")));
        Assert.Equal(
            ["3: cafile: is left out, since no client is asked for a certificate", "4: tls_version: is left out: TLS 1.2 is the oldest version here"],
            Notes(Import("listener 8883\ncertfile c\ncafile a\ntls_version tlsv1.1\nkeyfile k")));
        Assert.Contains("\"tcp-1883-2\"", Import("listener 1883 10.0.0.1\nlistener 1883 10.0.0.2").Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_an_included_folder_belong_to_it()
    {
        var included = _folder.CreateSubdirectory("conf.d");
        await File.WriteAllTextAsync(Path.Combine(included.FullName, "b.conf"), "max_qos 0\ninclude_dir /x\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(included.FullName, "a.conf"), "listener 1884 127.0.0.1\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(included.FullName, "c.off"), "listener 1885\n", TestContext.Current.CancellationToken);
        var file = Write($"include_dir {included.FullName}\nuser nobody\n");

        var result = (await Tool.RunAsync($"import {file}")).ShouldExitWith(0);

        Assert.Equal(0, result.Json.GetProperty("Limits").GetProperty("MaxQoS").GetInt32());
        Assert.Equal("127.0.0.1:1884", Assert.Single(result.Json.GetProperty("Listeners").EnumerateObject()).Value.GetProperty("Bind").GetString());
        Assert.Equal(
            [$"{included.FullName}/b.conf:2: include_dir: stands in a file that was included; mosquitto does not follow it there", $"{file}:2: user: the process keeps the user that starts it"],
            result.Error.Split(Environment.NewLine).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_settings_can_go_into_a_file_that_is_not_there_yet()
    {
        var (file, output) = (Write("listener 1884"), Path.Combine(_folder.FullName, "appsettings.json"));

        (await Tool.RunAsync($"import {file} --output {output}")).ShouldExitWith(0);
        Assert.Contains("\"[::]:1884\"", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var again = (await Tool.RunAsync($"import {file} --output {output}")).ShouldExitWith(2);
        Assert.Equal($"Option --output is \"{output}\"; allowed is a file that is not there yet, or -.", again.Error);
        var missing = (await Tool.RunAsync($"import {file}.not")).ShouldExitWith(1);
        Assert.Equal($"Could not find file '{file}.not'.", missing.Error);
    }

    /// <summary>The example that comes with the package names every option.</summary>
    [Fact]
    public void Every_option_of_the_packages_example_is_known()
    {
        const string Example = "/usr/share/doc/mosquitto/examples/mosquitto.conf";
        Assert.SkipUnless(File.Exists(Example), $"{Example} is not there");
        var options = File.ReadLines(Example).Where(static line => line.StartsWith('#') && line.Length > 1 && char.IsAsciiLetterLower(line[1])).Select(static line => line[1..].Split(' ')[0]).Distinct().ToList();
        Assert.InRange(options.Count, 80, 200);

        var settings = Import(string.Join('\n', options.Where(static option => option != "include_dir").Select(static option => $"{option} 1")));
        Assert.DoesNotContain(settings.Notes, static note => note.Reason == "is not known");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string[] Notes(ImportedSettings settings) => [.. settings.Notes.Select(static note => $"{note.Line.Number}: {note.Line.Name}: {note.Reason}")];

    private ImportedSettings Import(string text) => MosquittoImport.Of(MosquittoFile.Read(Write(text)));

    private string Write(string text)
    {
        var path = Path.Combine(_folder.FullName, "mosquitto.conf");
        File.WriteAllText(path, text);
        return path;
    }
}

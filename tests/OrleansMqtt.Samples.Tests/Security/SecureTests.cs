using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OrleansMqtt.Hosting;
using OrleansMqtt.Samples.Security;
using OrleansMqtt.Samples.Tests.Support;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Samples.Tests.Security;

public sealed class SecureTests : IAsyncLifetime
{
    // The password is "Hello world!": from Drepper's specification of SHA-crypt.
    private const string Passwords = "alice:$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1\n";
    private const string AccessList = "user alice\ntopic readwrite news/#\n";
    private readonly TestAuthority _files = new();
    private MqttApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        var (_, certificate, key) = _files.IssueServer();
        _app = SecureApplication.Create(
        [
            .. Applications.Quiet, "--Listeners:tls:Bind=127.0.0.1:0", "--Listeners:tls:Transport=tls", $"--Listeners:tls:CertificateFile={certificate}", $"--Listeners:tls:KeyFile={key}",
            $"--Authentication:PasswordFile={_files.Write("passwords", Passwords)}", $"--Authorization:AclFile={_files.Write("acl", AccessList)}", "--Authentication:FailureDelayMilliseconds=0",
            $"--Application:Keys:{Convert.ToHexStringLower(SHA256.HashData("0123456789abcdef"u8))}=boiler",
        ]);
        await _app.StartAsync(Clusters.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task A_user_is_known_by_the_password_file_and_has_what_the_access_list_says()
    {
        await using var alice = await ConnectAsync("alice", "Hello world!");
        await alice.SubscribeAsync("news/#");
        await alice.PublishAsync("news/today", "hello");
        Assert.Equal("hello", await alice.ReceiveTextAsync());
        await Assert.ThrowsAsync<IOException>(() => alice.SubscribeAsync("users/boiler/#"));
        await alice.SubscribeAsync("users/alice/#");
        await Assert.ThrowsAsync<IOException>(() => ConnectAsync("alice", "guess"));
    }

    [Fact]
    public async Task A_device_is_known_by_its_key_and_has_its_own_topics()
    {
        await using var boiler = await ConnectAsync("key", "0123456789abcdef");
        await boiler.SubscribeAsync("users/boiler/#");
        await boiler.SubscribeAsync("public/#");
        await boiler.PublishAsync("users/boiler/state", "warm");
        Assert.Equal("warm", await boiler.ReceiveTextAsync());
        foreach (var filter in new[] { "news/#", "users/#", "#" }) await Assert.ThrowsAsync<IOException>(() => boiler.SubscribeAsync(filter));
        foreach (var topic in new[] { "users/alice/x", "public/x", "news/x" }) await Assert.ThrowsAsync<IOException>(() => boiler.PublishAsync(topic, "x"));
        await Assert.ThrowsAsync<IOException>(() => ConnectAsync("key", "guess"));
        await Assert.ThrowsAsync<IOException>(() => ConnectAsync("boiler", ""));
    }

    [Fact]
    public async Task The_same_holds_over_TLS()
    {
        Assert.Equal(0, await ConnectByTlsAsync("key", "0123456789abcdef"));
        Assert.NotEqual(0, await ConnectByTlsAsync("key", "guess"));
    }

    private Task<MqttTestClient> ConnectAsync(string user, string password) => MqttTestClient.ConnectAsync(
        Listener("default"), new ConnectPacket { ClientId = $"client-of-{user}", CleanStart = true, UserName = user, Password = Encoding.UTF8.GetBytes(password) });

    private EndPoint Listener(string name) => _app.Listeners.Single(listener => listener.Name == name).EndPoint;

    // The return code of a 3.1.1 connection [MQTT-3.2.2].
    private async Task<int> ConnectByTlsAsync(string user, string password)
    {
        using var socket = new TcpClient();
        var address = (IPEndPoint)Listener("tls");
        await socket.ConnectAsync(address, Clusters.Token);
        await using var tls = new SslStream(socket.GetStream());
        var options = new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        options.CertificateChainPolicy.CustomTrustStore.Add(_files.Certificate);
        await tls.AuthenticateAsClientAsync(options, Clusters.Token);
        byte[] body = [0, 4, .. "MQTT"u8, 4, 0xC2, 0, 60, .. Text("tls"), .. Text(user), .. Text(password)];
        await tls.WriteAsync((byte[])[0x10, (byte)body.Length, .. body], Clusters.Token);
        var answer = new byte[4];
        await tls.ReadExactlyAsync(answer, Clusters.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Clusters.Token);
        return answer[3];
    }

    private static byte[] Text(string text) => [0, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
}

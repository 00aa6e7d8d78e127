using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrleansMqtt.Interop.Tests.Abuse;

/// <summary>What may come where something else than MQTT is expected first.</summary>
public sealed class TransportAbuseTests(DoorsFixture doors) : IClassFixture<DoorsFixture>
{
    private const string Upgrade = "GET /mqtt HTTP/1.1\r\nHost: broker\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";

    [Fact]
    public async Task Garbage_where_TLS_is_expected()
    {
        const int count = 200, seed = 5;
        await using var bystander = await Bystander.StartAsync(doors.Plain);
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            using var attacker = await Attacker.OpenAsync(doors.Tls);
            var bytes = new byte[random.Next(1, 2000)];
            random.NextBytes(bytes);
            // Every second one begins as TLS does.
            if (i % 2 == 0) (bytes[0], bytes[^1]) = (0x16, 3);
            await attacker.TrySendAsync(bytes);
            if (i % 3 == 0) continue;
            Assert.DoesNotContain((byte)0x20, (await attacker.ReceiveToEndAsync()).Take(1));
        }
        await bystander.RoundAsync();

        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(doors.Authority);
        await using var secure = await Bystander.StartAsync(doors.Tls, open: async stream =>
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust });
            return tls;
        });
        await secure.RoundAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: broker\r\n\r\n", "HTTP/1.1 404")]
    [InlineData("GET /mqtt HTTP/1.1\r\nHost: broker\r\n\r\n", "HTTP/1.1 4")]
    [InlineData("POST /mqtt HTTP/1.1\r\nHost: broker\r\nContent-Length: 99999999999999999999\r\n\r\n", "HTTP/1.1 400")]
    [InlineData("GET /mqtt HTTP/1.1\r\nHost: broker\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n", "HTTP/1.1 4")]
    [InlineData("nonsense\r\n\r\n", "HTTP/1.1 400")]
    public async Task Requests_that_are_no_WebSocket_of_MQTT(string request, string answer)
    {
        await using var bystander = await Bystander.StartAsync(doors.Plain);
        using var attacker = await Attacker.OpenAsync(doors.WebSocket);
        await attacker.SendAsync(Encoding.ASCII.GetBytes(request));

        Assert.StartsWith(answer, Encoding.ASCII.GetString(await attacker.ReceiveAsync(answer.Length)), StringComparison.Ordinal);

        await bystander.RoundAsync();
    }

    [Theory]
    [InlineData("8204616263640000")] // Not masked.
    [InlineData("81840000000061626364")] // Text.
    [InlineData("89FE00800000000061")] // A ping of more than 125 bytes.
    [InlineData("82FF7FFFFFFFFFFFFFFF00000000")] // 2^63 - 1 bytes announced.
    [InlineData("F2840000000061626364")] // Reserved bits.
    [InlineData("82840000000061626364")] // A WebSocket as it should be, and no MQTT in it.
    public async Task Frames_that_no_WebSocket_of_MQTT_sends(string frame)
    {
        await using var bystander = await Bystander.StartAsync(doors.Plain);
        using var attacker = await Attacker.OpenAsync(doors.WebSocket);
        await attacker.SendAsync(Encoding.ASCII.GetBytes(Upgrade));
        const string switching = "HTTP/1.1 101";
        Assert.Equal(switching, Encoding.ASCII.GetString(await attacker.ReceiveAsync(switching.Length)));

        await attacker.SendAsync(Convert.FromHexString(frame));

        await attacker.ReceiveToEndAsync();
        await bystander.RoundAsync();
    }

    [Fact]
    public async Task Headers_of_load_balancers_that_are_too_large_or_none()
    {
        await using var bystander = await Bystander.StartAsync(doors.Plain);
        byte[] signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];
        byte[][] headers =
        [
            [.. signature, 0x21, 0x11, 0xFF, 0xFF, .. new byte[8000]],
            [.. signature, 0x31, 0x11, 0x00, 0x0C, .. new byte[12]],
            [.. signature, 0x21, 0x11, 0x00, 0x02, 0, 0],
            Encoding.ASCII.GetBytes("PROXY TCP4 " + new string('1', 500)),
            Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.1 192.0.2.2 99999 1\r\n"),
            Wire.Connect("no-header"),
        ];
        foreach (var header in headers)
        {
            using var attacker = await Attacker.OpenAsync(doors.Balanced);
            await attacker.TrySendAsync(header);
            Assert.Empty(await attacker.ReceiveToEndAsync());
        }
        await bystander.RoundAsync();
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansMqtt.Hosting.Gateways;
using OrleansMqtt.Hosting.Gateways.Administration;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Hosting.Tests.Administration;

public sealed class AccessListDryRunTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SignallingWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleansmqtt-hosts-");
    private Task<int> _run = null!;
    private HttpClient _http = null!;
    private TcpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var acl = Path.Combine(_folder.FullName, "acl");
        File.WriteAllText(acl, "topic readwrite a/#\ntopic readwrite b/#\n");
        _run = GatewayHost.RunAsync(["--Listeners:default:Bind=127.0.0.1:0", "--Store:Path=memory", "--Http:Bind=127.0.0.1:0", $"--Authorization:AclFile={acl}"], _output, _error, _stop.Token);
        Assert.True(await Task.WhenAny(_output.FirstLine, _run) == _output.FirstLine, _error.ToString());
        var line = await _output.FirstLine;
        _http = new HttpClient { BaseAddress = new Uri(line.Split("; ").Single(static part => part.StartsWith("http://", StringComparison.Ordinal))) };
        var port = int.Parse(line.Split("mqtt://127.0.0.1:")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        _client = new TcpClient();
        await _client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Assert.Equal((0, ""), (await _run, _error.ToString()));
        _client.Dispose();
        _http.Dispose();
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Whom_another_list_would_take_something_from_is_told()
    {
        await SendAsync(new ConnectPacket { ClientId = "c1", Version = ProtocolVersion.V50, CleanStart = true }, PacketType.ConnAck);
        await SendAsync(new SubscribePacket { PacketId = 1, Subscriptions = [new() { Filter = "a/+" }, new() { Filter = "b/#", NoLocal = true }, new() { Filter = "a/x" }] }, PacketType.SubAck);
        await SendAsync(new PublishPacket { Topic = "b/x", QoS = QualityOfService.AtLeastOnce, PacketId = 2 }, PacketType.PubAck);

        var (status, body) = await PostAsync("topic readwrite a/x\n");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"clients":1,"affected":1,"effects":[{"clientId":"c1","userName":null,"lostSubscriptions":["b/#"],"narrowedSubscriptions":["a/+"],"lostPublishes":["b/x"]}]}
            """), JsonNode.Parse(body)), body);
        Assert.Equal((HttpStatusCode.OK, """{"clients":1,"affected":0,"effects":[]}"""), await PostAsync("topic #\n"));
    }

    [Fact]
    public async Task A_list_that_is_not_understood_or_too_long_is_refused()
    {
        Assert.Equal((HttpStatusCode.BadRequest, "line 2 allows \"all\"; allowed is read, write, readwrite or deny"), Problem(await PostAsync("topic a\ntopic all b\n")));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "an access list has up to 1048576 bytes here"), Problem(await PostAsync(new string('#', AccessListDryRun.MaximumBytes + 1))));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(new string('#', AccessListDryRun.MaximumBytes))).Status);
    }

    [Theory]
    [InlineData("Origin", "http://localhost")]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Host", "broker.example")]
    public async Task Who_may_speak_for_others_is_refused(string header, string value) =>
        Assert.Equal((HttpStatusCode.Forbidden, "this is for callers on the gateway's own machine"), Problem(await PostAsync("topic a\n", header, value)));

    private static (HttpStatusCode Status, string? Problem) Problem((HttpStatusCode Status, string Body) answer) => (answer.Status, JsonDocument.Parse(answer.Body).RootElement.GetProperty("problem").GetString());

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string text, string? header = null, string? value = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "admin/authorization/dry-run") { Content = new StringContent(text) };
        if (header is not null) request.Headers.Add(header, value);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    // The answer is short, and comes in one piece over the loopback.
    private async Task SendAsync(Packet packet, PacketType answer)
    {
        var stream = _client.GetStream();
        await stream.WriteAsync(PacketEncoder.Encode(packet, ProtocolVersion.V50), TestContext.Current.CancellationToken);
        var header = new byte[2];
        await stream.ReadExactlyAsync(header, TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(new byte[header[1]], TestContext.Current.CancellationToken);
        Assert.Equal(answer, (PacketType)(header[0] >> 4));
    }
}

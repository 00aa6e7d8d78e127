using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Faults;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;

namespace OrleansMqtt.Gateway.Tests.Faults;

public sealed class MqttdConfigTests : IDisposable
{
    private readonly FaultFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_key_of_curls_server_is_known()
    {
        var profile = new FaultProfile();
        Assert.True(MqttdConfig.TryParse(
            """
            # what curl's tests say
            version 5
            PUBLISH-before-SUBACK TRUE
            short-PUBLISH TRUE   # why not

            error-CONNACK 5
            excessive-remaining true
            remlen-CONNACK 3
            	PINGRESP-as-CONNACK	TRUE
            DISCONNECT-malformed
            Testnum 1190
            """.ReplaceLineEndings("\r\n"), ref profile, out _));
        Assert.Equal(
            new FaultProfile
            {
                Version = 5, PublishBeforeSubAck = true, ShortPublish = true, ErrorConnAck = 5, ExcessiveRemaining = true, ConnAckRemaining = 3, PingRespAsConnAck = true, MalformedDisconnect = true, TestNumber = 1190,
            },
            profile);
    }

    [Fact]
    public void What_it_does_not_say_stays_as_it_was()
    {
        var profile = new FaultProfile { ShortPublish = true, PublishBeforeSubAck = true, ErrorConnAck = 3 };
        Assert.True(MqttdConfig.TryParse("short-PUBLISH FALSE\nerror-CONNACK 0", ref profile, out _));
        Assert.Equal(new FaultProfile { PublishBeforeSubAck = true }, profile);
    }

    [Theory]
    [InlineData("short-publish TRUE", "line 1 has \"short-publish\"; allowed is version, PUBLISH-before-SUBACK, short-PUBLISH, error-CONNACK, excessive-remaining, remlen-CONNACK, PINGRESP-as-CONNACK, DISCONNECT-malformed or Testnum")]
    [InlineData("\n# x\nerror-CONNACK 256", "line 3 has error-CONNACK \"256\"; allowed is a whole number from 0 to 255")]
    [InlineData("Testnum", "line 1 has Testnum \"\"; allowed is a whole number from 0 to 2147483647")]
    [InlineData("version -1", "line 1 has version \"-1\"; allowed is a whole number from 0 to 255")]
    [InlineData("short-PUBLISH 1", "line 1 has short-PUBLISH \"1\"; allowed is TRUE or FALSE")]
    [InlineData("version 4 5", "line 1 has more than a key and a value")]
    [InlineData("a\u001Bb", "line 1 has \"a\\u001Bb\"; allowed is version, PUBLISH-before-SUBACK, short-PUBLISH, error-CONNACK, excessive-remaining, remlen-CONNACK, PINGRESP-as-CONNACK, DISCONNECT-malformed or Testnum")]
    public void A_line_that_is_not_understood_is_named(string text, string expected)
    {
        var profile = new FaultProfile();
        Assert.False(MqttdConfig.TryParse(text, ref profile, out var problem));
        Assert.Equal((expected, new FaultProfile()), (problem, profile));
    }

    [Fact]
    public async Task It_is_read_again_at_each_connection()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { ErrorConnAck = 1 }, hasFile: true);
        foreach (var code in new[] { 2, 3 })
        {
            _folder.Write("mqttd.config", $"error-CONNACK {code}\n");
            await ExpectAsync(broker, $"2002000{code}");
        }
        _folder.Write("mqttd.config", "# nothing\n");
        await ExpectAsync(broker, "20020001");
    }

    [Fact]
    public async Task With_a_line_that_is_not_understood_the_connection_has_no_faults()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { ErrorConnAck = 1 }, hasFile: true);
        _folder.Write("mqttd.config", "error-CONNACK 5\nfast-PUBLISH TRUE\n");
        await ExpectAsync(broker, "20020000");
        Assert.Contains(_folder.Log.Of(LogLevel.Warning), line => line.Contains("goes on without faults", StringComparison.Ordinal) && line.Contains("line 2 has \"fast-PUBLISH\"", StringComparison.Ordinal));
        // The transcript is written all the same.
        Assert.Equal("server CONNACK 2 20020000", _folder.Lines[^1]);
    }

    [Fact]
    public async Task Without_the_file_the_connection_has_no_faults()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { ErrorConnAck = 1 }, hasFile: true);
        await ExpectAsync(broker, "20020000");
        Assert.Contains(_folder.Log.Of(LogLevel.Warning), line => line.Contains("goes on without faults", StringComparison.Ordinal) && line.Contains(_folder.Config, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_test_number_needs_a_folder_of_tests()
    {
        _folder.Write("mqttd.config", "Testnum 7\n");
        await using var broker = await _folder.StartAsync(new ListenerFaultOptions { File = _folder.Config });
        await ExpectAsync(broker, "20020000");
        Assert.Contains(_folder.Log.Of(LogLevel.Warning), line => line.Contains("Testnum needs a folder of test files", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_log_says_at_start_that_there_are_faults()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { ShortPublish = true, ErrorConnAck = 5 }, hasFile: true);
        Assert.Contains($"Listener default is for testing clients: it injects faults. Faults: ShortPublish=True, ErrorConnAck=5; file: {_folder.Config}.", _folder.Log.Of(LogLevel.Warning));
    }

    private static async Task ExpectAsync(TestBroker broker, string connAck)
    {
        using var client = new RawClient(broker);
        await client.SendAsync(RawClient.Connect("raw"));
        await client.ExpectAsync(connAck);
    }
}

namespace OrleansMqtt.Interop.Tests.Abuse;

/// <summary>Names that are meant to be taken for something else.</summary>
public sealed class IdentityAbuseTests(DoorsFixture doors) : IClassFixture<DoorsFixture>
{
    [Theory]
    [InlineData("+")]
    [InlineData("#")]
    [InlineData("+/x")]
    [InlineData("a/#")]
    [InlineData("../a")]
    [InlineData("$SYS")]
    [InlineData("%u")]
    public async Task A_client_identifier_gives_nobody_the_topics_of_others(string clientId)
    {
        await using var bystander = await Bystander.StartAsync(doors.Plain);
        using var victim = await Attacker.ConnectAsync(doors.Plain, "victim");
        using var attacker = await Attacker.ConnectAsync(doors.Plain, clientId);

        await attacker.SendAsync(Wire.Subscribe(9, 0, "client/victim/in", "client/+/in", "client/#", $"client/{clientId}/in", "$SYS/#"));
        var subAck = await attacker.ReceiveAsync(9);
        await victim.SendAsync((byte[])[.. Wire.Publish("client/victim/in", "private"u8), .. Wire.PingReq]);
        Assert.Equal([0xD0, 0], await victim.ReceiveAsync(2));
        await attacker.SendAsync((byte[])[.. Wire.Publish("client/victim/in", "forged"u8), .. Wire.PingReq]);

        Assert.Equal(0x80, subAck[4]);
        // Whatever was granted in part: nothing comes before the answer to PINGREQ.
        Assert.Equal([0xD0, 0], await attacker.ReceiveAsync(2));
        await bystander.RoundAsync();
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_no_secret_is_in_the_log()
    {
        const string guess = "guessed-secret", name = "eve\nclient root has connected\u001b[31m";
        await using var bystander = await Bystander.StartAsync(doors.Plain);
        foreach (var (user, password) in ((string, string?)[])[(DoorsFixture.User, guess), (name, guess), (DoorsFixture.User, null)])
        {
            using var attacker = await Attacker.OpenAsync(doors.Users);
            await attacker.SendAsync(Wire.Connect("guesser\tone", userName: user, password: password));
            var answer = await attacker.ReceiveToEndAsync();
            // Control characters may be refused as they are [MQTT-1.5.4-2]; whoever is answered is refused.
            if (answer.Length > 0) Assert.NotEqual(0, answer[3]);
        }
        using (var anonymous = await Attacker.OpenAsync(doors.Users))
        {
            await anonymous.SendAsync(Wire.Connect("anonymous"));
            Assert.NotEqual(0, (await anonymous.ReceiveToEndAsync())[3]);
        }
        using (var joe = await Attacker.ConnectAsync(doors.Users, "guesser", userName: DoorsFixture.User, password: DoorsFixture.Password))
        {
            await joe.SendAsync(Wire.PingReq);
            Assert.Equal([0xD0, 0], await joe.ReceiveAsync(2));
        }

        await bystander.RoundAsync();
        var log = doors.Log;
        Assert.Contains(log, static line => line.Contains("guesser", StringComparison.Ordinal));
        Assert.DoesNotContain(log, static line => line.Contains(guess, StringComparison.Ordinal) || line.Contains(DoorsFixture.Password, StringComparison.Ordinal));
        Assert.DoesNotContain(log, static line => line.StartsWith("client root", StringComparison.Ordinal) || line.Contains('\u001b', StringComparison.Ordinal));
    }
}

using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Hosting.Tests.Configuration;

public sealed class ListenerFaultTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleansmqtt-hosts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_listener_has_its_faults()
    {
        var transcript = Path.Combine(_folder.FullName, "server.input");
        var expected = new ListenerFaultOptions
        {
            Profile = new FaultProfile
            {
                PublishBeforeSubAck = true, ShortPublish = true, ErrorConnAck = 5, ExcessiveRemaining = true, Version = 4, TestNumber = 1190, ConnAckRemaining = 3, PingRespAsConnAck = true, MalformedDisconnect = true,
            },
            File = "not/there/yet",
            TestFiles = _folder.FullName,
            Transcript = transcript,
            LockFile = transcript + ".lock",
        };
        Assert.Equal(expected, Read(
            "PublishBeforeSubAck=true", "ShortPublish=true", "ErrorConnAck=5", "ExcessiveRemaining=true", "Version=4", "TestNumber=1190", "ConnAckRemaining=3", "PingRespAsConnAck=true", "MalformedDisconnect=true",
            "File=not/there/yet", $"TestFiles={_folder.FullName}", $"Transcript={transcript}", $"LockFile={transcript}.lock").Accepted().Gateway.Listeners[0].Faults);
    }

    [Fact]
    public void Without_any_it_is_sound()
    {
        Assert.Null(Reading.Of("--Listeners:a:Bind=127.0.0.1:1").Accepted().Gateway.Listeners[0].Faults);
        Assert.Null(Read("ShortPublish=false", "ErrorConnAck=0", "File=").Accepted().Gateway.Listeners[0].Faults);
    }

    [Fact]
    public void Default_lends_them() => Assert.Equal(
        [true, null],
        Reading.Of("--Listeners:default:Faults:ShortPublish=true", "--Listeners:a:Bind=127.0.0.1:1", "--Listeners:b:Bind=127.0.0.1:2", "--Listeners:b:Faults:ShortPublish=false").Accepted().Gateway.Listeners
            .Select(static listener => listener.Faults?.Profile.ShortPublish));

    [Theory]
    [InlineData("PublishBeforeSubAck", "yes", "true or false")]
    [InlineData("ErrorConnAck", "256", "a whole number from 0 to 255")]
    [InlineData("ConnAckRemaining", "-1", "a whole number from 0 to 255")]
    [InlineData("Version", "3.1", "3, 4 or 5")]
    [InlineData("TestNumber", "first", "a whole number from 0 to 2147483647")]
    public void A_wrong_value_is_refused(string key, string value, string allowed) =>
        Assert.Equal($"Listeners:a:Faults:{key} is \"{value}\"; allowed is {allowed}.", Read($"{key}={value}").Problem);

    [Fact]
    public void An_unknown_fault_is_refused() => Assert.Equal(
        "Listeners:a:Faults:ShortPublis is not a known key; the nearest one is Listeners:a:Faults:ShortPublish.", Read("ShortPublis=true").Problem);

    [Fact]
    public void A_test_number_needs_a_folder_of_tests() => Assert.Equal(
        "Listeners:a:Faults:TestNumber is \"7\", but Listeners:a:Faults:TestFiles names no folder of test files; allowed is to set it too.", Read("TestNumber=7").Problem);

    [Fact]
    public void Folders_must_be_there()
    {
        var missing = Path.Combine(_folder.FullName, "missing");
        Assert.Equal($"Listeners:a:Faults:TestFiles is \"{missing}\", which cannot be used: it is no folder.", Read($"TestFiles={missing}").Problem);
        Assert.Equal($"Listeners:a:Faults:Transcript is \"{missing}/x\", which cannot be used: its folder is not there.", Read($"Transcript={missing}/x").Problem);
        Assert.Equal($"Listeners:a:Faults:LockFile is \"{missing}/x\", which cannot be used: its folder is not there.", Read($"LockFile={missing}/x").Problem);
    }

    [Fact]
    public void One_that_others_reach_needs_leave_for_anonymous_clients()
    {
        string[] open = ["--Listeners:a:Bind=0.0.0.0:1883", "--Listeners:a:Faults:ShortPublish=true", "--Authentication:Http:Url=https://auth.example/mqtt"];
        Assert.Equal(
            "Listeners:a:Bind is \"0.0.0.0:1883\", which other machines can reach, and the listener injects faults; allowed is a loopback address, or any with Listeners:a:AllowAnonymous=true.",
            Reading.Of(open).Problem);
        Reading.Of([.. open, "--Listeners:a:AllowAnonymous=true"]).Accepted();
        Reading.Of([.. open, "--Authentication:AllowAnonymous=true"]).Accepted();
    }

    private static Reading Read(params string[] faults) => Reading.Of(["--Listeners:a:Bind=127.0.0.1:1883", .. faults.Select(static fault => $"--Listeners:a:Faults:{fault}")]);
}

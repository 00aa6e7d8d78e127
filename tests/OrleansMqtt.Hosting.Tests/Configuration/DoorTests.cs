using OrleansMqtt.Gateway.Authentication;
using OrleansMqtt.Gateway.Authorization;

namespace OrleansMqtt.Hosting.Tests.Configuration;

/// <summary>How authenticators and authorizers are asked, and which listeners may be reached.</summary>
public sealed class DoorTests
{
    // Two of each that need no file.
    private static readonly string[] Two = ["--Authentication:Http:Url=https://auth.example/mqtt", "--Authentication:Certificate:UserName=CommonName"];

    [Fact]
    public void Everything_is_taken_as_set()
    {
        var settings = Reading.Of([
            .. Two, "--Authentication:AllowAnonymous=true", "--Authentication:Order=http, certificate", "--Authentication:FailureDelayMilliseconds=250",
            "--Authentication:Ban:Failures=5", "--Authentication:Ban:WithinSeconds=30", "--Authentication:Ban:Seconds=3600",
            "--Authorization:Denied:Topics:0=x", "--Authorization:Order=identity,denied", "--Authorization:Default=allow"]).Accepted().Gateway;
        Assert.Equal((true, TimeSpan.FromSeconds(0.25)), (settings.Authentication.AllowAnonymous, settings.Authentication.FailureDelay));
        Assert.Equal(["http", "certificate"], settings.Authentication.Order);
        Assert.Equal(new BanOptions { Failures = 5, Within = TimeSpan.FromSeconds(30), For = TimeSpan.FromHours(1) }, settings.Authentication.Ban);
        Assert.Equal(AuthorizationDefault.Allow, settings.Authorization.Default);
        Assert.Equal(["identity", "denied"], settings.Authorization.Order);
    }

    [Fact]
    public void Unless_it_is_set_it_is_as_in_the_library()
    {
        var settings = Reading.Of("--Authentication:Order=", "--Authorization:Order=").Accepted().Gateway;
        Assert.Equal((new AuthenticationOptions(), new AuthorizationOptions()), (settings.Authentication, settings.Authorization));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("http,http")]
    [InlineData("http,certificate,password")]
    public void An_order_names_all_that_are_configured(string order) =>
        Assert.Equal($"Authentication:Order is \"{order}\"; allowed is certificate,http in any order.", Reading.Of([.. Two, $"--Authentication:Order={order}"]).Problem);

    [Fact]
    public void Where_there_is_nobody_there_is_no_order() =>
        Assert.Equal("Authorization:Order is \"acl\"; allowed is to leave it out, for nothing is configured that could be asked.", Reading.Of("--Authorization:Order=acl").Problem);

    [Theory]
    [InlineData("Authentication:AllowAnonymous", "yes", "true or false")]
    [InlineData("Authentication:FailureDelayMilliseconds", "60001", "a whole number from 0 to 60000")]
    [InlineData("Authentication:Ban:Failures", "-1", "a whole number from 0 to 1000000")]
    [InlineData("Authentication:Ban:WithinSeconds", "0", "a whole number from 1 to 86400")]
    [InlineData("Authentication:Ban:Seconds", "0", "a whole number from 1 to 31536000")]
    [InlineData("Authorization:Default", "maybe", "Allow or Deny")]
    public void What_is_not_allowed_is_refused(string key, string value, string allowed) =>
        Assert.Equal($"{key} is \"{value}\"; allowed is {allowed}.", Reading.Of($"--{key}={value}").Problem);

    [Theory]
    [InlineData]
    [InlineData("--Listeners:a:Authenticators=http")]
    [InlineData("--Authentication:AllowAnonymous=true")]
    [InlineData("--Listeners:a:AllowAnonymous=true", "--Listeners:a:Authenticators=")]
    [InlineData("--Listeners:default:AllowAnonymous=true", "--Listeners:a:Authenticators=")]
    public void A_listener_that_asks_somebody_or_lets_anybody_in_may_be_reached(params string[] arguments) =>
        Reading.Of([.. Two, "--Listeners:a:Bind=0.0.0.0:1883", .. arguments]).Accepted();

    [Theory]
    [InlineData("--Listeners:a:Authenticators=")]
    [InlineData("--Listeners:a:Authenticators=", "--Authentication:AllowAnonymous=true", "--Listeners:a:AllowAnonymous=false")]
    public void One_that_asks_nobody_may_not_unless_it_lets_anybody_in(params string[] arguments) =>
        Assert.StartsWith("Listeners:a:Bind is \"0.0.0.0:1883\", which other machines can reach", Reading.Of([.. Two, "--Listeners:a:Bind=0.0.0.0:1883", .. arguments]).Problem, StringComparison.Ordinal);

    [Fact]
    public void A_listener_asks_those_that_there_are()
    {
        Assert.Equal(
            "Listeners:a:Authenticators has \"password\", which is not configured; allowed is names of certificate, http with commas between them.",
            Reading.Of([.. Two, "--Listeners:a:Bind=127.0.0.1:1", "--Listeners:a:Authenticators=http,password"]).Problem);
        Assert.EndsWith("allowed is to leave it out, for there are none.", Reading.Of("--Listeners:a:Bind=127.0.0.1:1", "--Listeners:a:Authenticators=http").Problem, StringComparison.Ordinal);
    }
}

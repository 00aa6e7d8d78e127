using System.Net;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Tests.Identity;

public class IdentityTests
{
    [Theory]
    [InlineData("127.0.0.1", 11111, 7, "127.0.0.1:11111@7")]
    [InlineData("::1", 80, 3, "::1:80@3")]
    public void A_silo_address_is_written_and_read(string address, int port, int generation, string text)
    {
        var silo = SiloAddress.New(IPAddress.Parse(address), port, generation);

        Assert.Equal(text, silo.ToParsableString());
        Assert.Equal(silo, SiloAddress.FromParsableString(text));
        Assert.NotEqual(silo, SiloAddress.New(IPAddress.Parse(address), port, generation + 1));
    }

    [Theory]
    [InlineData("session/a", "session", "a")]
    [InlineData("session/a/b/", "session", "a/b/")]
    public void A_grain_identity_is_written_and_read(string text, string type, string key)
    {
        var id = GrainId.Create(type, key);

        Assert.Equal(text, id.ToString());
        Assert.Equal(id, GrainId.Parse(text));
        Assert.NotEqual(id, GrainId.Create(type, key + "x"));
    }

    [Theory]
    [InlineData("session")]
    [InlineData("")]
    [InlineData(null)]
    public void Text_without_a_type_is_no_grain_identity(string? text) => Assert.False(GrainId.TryParse(text, out _));

    [Fact]
    public void Reading_no_grain_identity_fails() => Assert.Throws<ArgumentException>(() => GrainId.Parse("session"));

    [Fact]
    public void A_blank_key_is_refused() => Assert.ThrowsAny<ArgumentException>(() => GrainId.Create("session", " "));
}

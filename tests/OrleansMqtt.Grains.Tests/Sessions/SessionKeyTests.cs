using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Tests.Sessions;

public sealed class SessionKeyTests
{
    public static TheoryData<string> Identifiers => new("", " ", "\t\r\n", "\u00a0", "~", "~~", "~ ", " ~", "a", "a~", "~a", "a b", "\u0001", "/", "a/b", new string('x', 65_535));

    [Theory]
    [MemberData(nameof(Identifiers))]
    public void A_key_is_never_blank_and_leads_back_to_its_identifier(string clientId)
    {
        var key = SessionKey.Of(clientId);

        Assert.False(string.IsNullOrWhiteSpace(key));
        Assert.Equal(clientId, SessionKey.ClientIdOf(key));
    }

    [Fact]
    public void No_two_identifiers_share_a_key() => Assert.Equal(Identifiers.Count, Identifiers.Select(i => SessionKey.Of(i.Data)).Distinct().Count());
}

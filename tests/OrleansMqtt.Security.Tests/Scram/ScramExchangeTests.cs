using System.Text;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Scram;
using OrleansMqtt.Security.Tests.Support;

namespace OrleansMqtt.Security.Tests.Scram;

public sealed class ScramExchangeTests
{
    private const string Nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string Challenge = "r=rOprNGfwEbeRWgbNEkqO" + Nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string Proof = "c=biws,r=rOprNGfwEbeRWgbNEkqO" + Nonce + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private static readonly ScramCredential User = ScramCredential.Of("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
    private static readonly ScramFile Users = ScramFile.Parse(["user:" + User.Write(), "a=b,c:" + ScramCredential.Of("x y", 4096).Write()]);

    /// <summary>The example of RFC 7677 section 3, byte by byte.</summary>
    [Fact]
    public async Task The_example_of_the_specification()
    {
        var exchange = new ScramExchange(Users, null, Nonce);
        Assert.Equal(Challenge, Text(await SendAsync(exchange, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")));
        var end = await SendAsync(exchange, Proof);
        Assert.Equal("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Text(end));
        Assert.Equal("user", end.Result!.Value.Identity!.UserName);
    }

    [Theory]
    [InlineData("n,,")]
    [InlineData("y,,")]
    [InlineData("n,a=user,")]
    public async Task Headers_that_ask_for_nothing_more_are_accepted(string header)
    {
        var client = new ScramClient("user", "pencil", header);
        var (exchange, challenge) = await BeginAsync(client);
        var end = await SendAsync(exchange, client.Last(challenge.Data));
        Assert.Equal(("user", client.Verifier), (end.Result!.Value.Identity?.UserName, Text(end)));
    }

    [Fact]
    public async Task Commas_and_equals_signs_of_names_are_escaped()
    {
        var client = new ScramClient("a=b,c", "x y");
        var (exchange, challenge) = await BeginAsync(client);
        Assert.Equal("a=b,c", (await SendAsync(exchange, client.Last(challenge.Data))).Result!.Value.Identity?.UserName);
    }

    [Fact]
    public async Task A_client_may_name_the_method_alone_and_is_asked_for_its_first_message_once()
    {
        var exchange = new ScramExchange(Users, null, Nonce);
        var asked = await exchange.ContinueAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal((null, 0), (asked.Result, asked.Data!.Value.Length));
        Assert.Equal(Challenge, Text(await SendAsync(exchange, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")));

        var stubborn = new ScramExchange(Users, null, Nonce);
        await stubborn.ContinueAsync(null, TestContext.Current.CancellationToken);
        AssertRefused(await stubborn.ContinueAsync(null, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("user", "Pencil")]
    [InlineData("user", "")]
    [InlineData("nobody", "pencil")]
    [InlineData("nöbody", "pencil")]
    public async Task A_wrong_password_and_an_unknown_user_fail_at_the_end_and_alike(string user, string password)
    {
        var client = new ScramClient(user, password);
        var (exchange, challenge) = await BeginAsync(client);
        Assert.Matches("^r=[!-~]+,s=[A-Za-z0-9+/]{22}==,i=4096$", Text(challenge));
        var end = await SendAsync(exchange, client.Last(challenge.Data));
        AssertRefused(end, "a wrong password, or no such user");
        AssertRefused(await SendAsync(exchange, client.Last(challenge.Data)), "a message after the last one");
    }

    [Fact]
    public async Task An_unknown_user_looks_the_same_each_time_and_for_each_gateway()
    {
        var again = ScramFile.Parse(["user:" + User.Write(), "another:" + ScramCredential.Of("z", 4096).Write()]);
        var salts = new HashSet<string>();
        foreach (var file in new[] { Users, Users, again })
            salts.Add(Text(await SendAsync(new ScramExchange(file, null, Nonce), "n,,n=nobody,r=x")));
        Assert.Single(salts);
        Assert.NotEqual(salts.Single(), Text(await SendAsync(new ScramExchange(Users, null, Nonce), "n,,n=somebody,r=x")));
        Assert.Contains(",i=15000", Text(await SendAsync(new ScramExchange(ScramFile.Parse([]), null, Nonce), "n,,n=nobody,r=x")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CONNECT_may_name_the_same_user_besides_and_no_other()
    {
        foreach (var (named, isTaken) in new[] { ("user", true), ("root", false) })
        {
            var client = new ScramClient("user", "pencil");
            var exchange = new ScramAuthenticator(() => Users).Begin(Requests.Of(named, null));
            var challenge = await SendAsync(exchange, client.First);
            var end = await SendAsync(exchange, client.Last(challenge.Data));
            Assert.Equal(isTaken, end.Result!.Value.Identity is not null);
            if (!isTaken) AssertRefused(end, "CONNECT names another user");
        }
    }

    [Theory]
    [InlineData("p=tls-exporter,,n=user,r=x", "channel binding is asked for, which is not supported")]
    [InlineData("q,,n=user,r=x", "a first message without a word on channel binding")]
    [InlineData("n,a=root,n=user,r=x", "the rights of another user are asked for")]
    [InlineData("n,,m=more,n=user,r=x", "an extension is asked for, which is not supported")]
    [InlineData("n,,r=x,n=user", "a first message without user and nonce")]
    [InlineData("n,,n=user", "a first message without user and nonce")]
    [InlineData("n,,n=,r=x", "a first message without user and nonce")]
    [InlineData("n,,n=user,r=", "a first message without user and nonce")]
    [InlineData("n,,n=us=er,r=x", "a first message without user and nonce")]
    [InlineData("n,,n=user,r=a b", "a first message without user and nonce")]
    [InlineData("n,", "a first message without its header")]
    [InlineData("garbage", "a first message without its header")]
    public async Task A_first_message_that_asks_for_what_is_not_there_is_refused(string message, string reason) =>
        AssertRefused(await SendAsync(new ScramExchange(Users, null, Nonce), message), reason);

    [Theory]
    [InlineData("c=eSws,r=rOprNGfwEbeRWgbNEkqO" + Nonce + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "a last message with another header than the first one")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "a last message with another nonce")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO" + Nonce, "a last message without nonce and proof")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO" + Nonce + ",p=AAAA", "a last message without nonce and proof")]
    [InlineData("c=biws,r=rOprNGfwEbeRWgbNEkqO" + Nonce + ",x=y,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "a wrong password, or no such user")]
    [InlineData("", "a last message without nonce and proof")]
    public async Task A_last_message_that_does_not_fit_the_first_one_is_refused(string message, string reason)
    {
        var exchange = new ScramExchange(Users, null, Nonce);
        await SendAsync(exchange, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        AssertRefused(await SendAsync(exchange, message), reason);
        AssertRefused(await SendAsync(exchange, Proof), "a message after the last one");
    }

    [Fact]
    public async Task What_is_no_text_is_refused() => AssertRefused(await SendAsync(new ScramExchange(Users, null, Nonce), [0xC3, 0x28]), "a message that is no text");

    [Fact]
    public async Task Two_exchanges_have_different_nonces()
    {
        var authenticator = new ScramAuthenticator(() => Users);
        Assert.Equal(("scram", "SCRAM-SHA-256"), (authenticator.Name, authenticator.Method));
        Assert.NotEqual(
            Text(await SendAsync(authenticator.Begin(Requests.Of(null, null)), "n,,n=user,r=x")),
            Text(await SendAsync(authenticator.Begin(Requests.Of(null, null)), "n,,n=user,r=x")));
    }

    private static async Task<(ScramExchange Exchange, AuthenticationStep Challenge)> BeginAsync(ScramClient client)
    {
        var exchange = new ScramExchange(Users, null, Nonce);
        return (exchange, await SendAsync(exchange, client.First));
    }

    private static Task<AuthenticationStep> SendAsync(IAuthenticationExchange exchange, string message) => SendAsync(exchange, Encoding.UTF8.GetBytes(message));

    private static async Task<AuthenticationStep> SendAsync(IAuthenticationExchange exchange, byte[] message) => await exchange.ContinueAsync(message, TestContext.Current.CancellationToken);

    private static string Text(AuthenticationStep step) => Encoding.UTF8.GetString(step.Data!.Value.Span);

    private static void AssertRefused(AuthenticationStep step, string? reason = null)
    {
        Assert.Equal((ReasonCode.NotAuthorized, null), (step.Result!.Value.Refusal, step.Data));
        if (reason is not null) Assert.Equal(reason, step.Result.Value.Reason);
    }
}

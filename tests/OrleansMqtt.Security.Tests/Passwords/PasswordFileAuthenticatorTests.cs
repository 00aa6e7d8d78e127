using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Passwords;
using OrleansMqtt.Security.Tests.Support;

namespace OrleansMqtt.Security.Tests.Passwords;

public sealed class PasswordFileAuthenticatorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("joe", "s3cret", true, null)]
    [InlineData("joe", "S3cret", false, ReasonCode.BadUserNameOrPassword)]
    [InlineData("joe", "", false, ReasonCode.BadUserNameOrPassword)]
    [InlineData("joe", null, false, ReasonCode.BadUserNameOrPassword)]
    [InlineData("Joe", "s3cret", false, null)]
    [InlineData(null, "s3cret", false, null)]
    public async Task Users_of_the_file_are_known_by_their_passwords_and_others_not_at_all(string? user, string? password, bool isKnown, ReasonCode? refusal)
    {
        using var authenticator = Of(("joe", Pbkdf2Sha512.Of("s3cret"u8, 101)));
        var result = await authenticator.AuthenticateAsync(Requests.Of(user, password), TestContext.Current.CancellationToken);
        Assert.Equal((isKnown ? new ClientIdentity("joe").UserName : null, refusal), (result.Identity?.UserName, result.Refusal));
    }

    [Fact]
    public async Task An_empty_password_is_one_only_where_it_is_the_users()
    {
        using var authenticator = Of(("joe", Pbkdf2Sha512.Of([], 101)));
        Assert.NotNull((await authenticator.AuthenticateAsync(Requests.Of("joe", ""), TestContext.Current.CancellationToken)).Identity);
        Assert.NotNull((await authenticator.AuthenticateAsync(Requests.Of("joe", null), TestContext.Current.CancellationToken)).Refusal);
    }

    /// <summary>What takes long for a user who is there, an attacker would see missing for one who is not.</summary>
    [Fact]
    public async Task A_user_who_is_not_there_costs_a_hash_of_the_file()
    {
        var hash = new WatchedHash();
        using var authenticator = Of(("joe", hash));
        Assert.Equal(AuthenticationResult.Next, await authenticator.AuthenticateAsync(Requests.Of("ann", "s3cret"), TestContext.Current.CancellationToken));
        Assert.Equal(AuthenticationResult.Next, await authenticator.AuthenticateAsync(Requests.Of("bob", null), TestContext.Current.CancellationToken));
        Assert.Equal(2, hash.Verified);
    }

    [Fact]
    public async Task No_more_are_hashed_at_a_time_than_leave_a_core_for_others()
    {
        using var hold = new ManualResetEventSlim();
        var hash = new WatchedHash { Hold = hold };
        using var authenticator = Of(("joe", hash));
        var clients = Enumerable.Range(0, 4 * PasswordFileAuthenticator.MostAtOnce)
            .Select(_ => authenticator.AuthenticateAsync(Requests.Of("joe", "x"), TestContext.Current.CancellationToken).AsTask()).ToArray();
        // What could run besides has run when these have.
        for (var i = 0; i < 100; i++) await Task.Factory.StartNew(static () => { }, TestContext.Current.CancellationToken, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
        hold.Set();
        await Task.WhenAll(clients).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(clients.Length, hash.Verified);
        Assert.InRange(hash.MostAtOnce, 1, PasswordFileAuthenticator.MostAtOnce);
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_waits_is_not_hashed()
    {
        using var hold = new ManualResetEventSlim();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var hash = new WatchedHash { Hold = hold };
        using var authenticator = Of(("joe", hash));
        var busy = Enumerable.Range(0, PasswordFileAuthenticator.MostAtOnce).Select(_ => authenticator.AuthenticateAsync(Requests.Of("joe", "x"), TestContext.Current.CancellationToken).AsTask()).ToArray();
        var waiting = authenticator.AuthenticateAsync(Requests.Of("joe", "x"), gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
        hold.Set();
        await Task.WhenAll(busy).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(busy.Length, hash.Verified);
    }

    private static PasswordFileAuthenticator Of(params (string User, PasswordHash Hash)[] users)
    {
        var file = new PasswordFile(users.ToDictionary(static u => u.User, static u => u.Hash));
        return new PasswordFileAuthenticator(() => file);
    }

    private sealed class WatchedHash : PasswordHash
    {
        private int _now;
        private int _verified;
        private int _most;

        public ManualResetEventSlim? Hold { get; init; }

        public int Verified => _verified;

        public int MostAtOnce => _most;

        public override bool Verify(ReadOnlySpan<byte> password)
        {
            var now = Interlocked.Increment(ref _now);
            for (var most = _most; now > most; most = _most) Interlocked.CompareExchange(ref _most, now, most);
            Assert.True(Hold?.Wait(Patience) ?? true);
            Interlocked.Increment(ref _verified);
            Interlocked.Decrement(ref _now);
            return true;
        }
    }
}

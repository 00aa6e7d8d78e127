using System.Text;
using OrleansMqtt.Security.Passwords;

namespace OrleansMqtt.Security.Tests.Passwords;

public sealed class PasswordHashTests
{
    /// <summary>What <c>openssl passwd -6</c> makes of the texts in the paper that defines sha512-crypt, and a line of mosquitto_passwd.</summary>
    public static TheoryData<string, string> Vectors => new()
    {
        { "Hello world!", "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1" },
        { "Hello world!", "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v." },
        { "This is just a test", "$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0" },
        { "a very much longer text to encrypt.  This one even stretches over morethan one line.", "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1" },
        { "we have a short salt string but not a short password", "$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0" },
        { "secret", Mosquitto7 },
    };

    private const string Mosquitto7 = "$7$101$qPU7S+X0bU/Hr5sh$8KtRZJQQsqiFeureDRxLaj0VleFE+D0lwnmKGx3q0sk1fM04nvy20zv8BeHSNqbbZREnumhVvzTxxIE+RxZM/g==";

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_right_password_is_known_and_no_other(string password, string stored)
    {
        var hash = PasswordHash.TryParse(stored)!;

        Assert.True(hash.Verify(Encoding.UTF8.GetBytes(password)));
        Assert.False(hash.Verify(Encoding.UTF8.GetBytes(password + " ")));
        Assert.False(hash.Verify([]));
    }

    [Fact]
    public void The_older_form_of_mosquitto_is_the_digest_of_password_and_salt()
    {
        byte[] salt = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        var digest = System.Security.Cryptography.SHA512.HashData([.. "secret"u8, .. salt]);
        var hash = PasswordHash.TryParse($"$6${Convert.ToBase64String(salt)}${Convert.ToBase64String(digest)}")!;

        Assert.IsType<SaltedSha512>(hash);
        Assert.True(hash.Verify("secret"u8));
        Assert.False(hash.Verify("Secret"u8));
    }

    [Fact]
    public void A_new_one_can_be_written_and_read()
    {
        var written = Pbkdf2Sha512.Of("pass\0word"u8, iterations: 101).Write();

        Assert.StartsWith("$7$101$", written, StringComparison.Ordinal);
        Assert.True(PasswordHash.TryParse(written)!.Verify("pass\0word"u8));
        Assert.False(PasswordHash.TryParse(written)!.Verify("pass"u8));
        Assert.NotEqual(written, Pbkdf2Sha512.Of("pass\0word"u8, iterations: 101).Write());
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$1$salt$hash")]
    [InlineData("$6$")]
    [InlineData("$6$salt$short")]
    [InlineData("$6$rounds=999$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz!")]
    [InlineData("$7$0$c2FsdA==$c2FsdA==")]
    [InlineData("$7$101$c2FsdA==$c2FsdA==")]
    [InlineData("$7$999999999$c2FsdA==$2bqQqPqLzqXxLE2n1Dw8n4M2DYzPBQ9fJtjOyIG1xk3QyCV6sjEXwLZLgWlYfpxcN1jVcb5jHvqVbqWDsVpoRA==")]
    public void What_nobody_writes_is_no_hash(string text) => Assert.Null(PasswordHash.TryParse(text));
}

using OrleansMqtt.Security.Passwords;

namespace OrleansMqtt.Security.Tests.Passwords;

public sealed class PasswordFileTests
{
    private const string Mosquitto7 = "$7$101$qPU7S+X0bU/Hr5sh$8KtRZJQQsqiFeureDRxLaj0VleFE+D0lwnmKGx3q0sk1fM04nvy20zv8BeHSNqbbZREnumhVvzTxxIE+RxZM/g==";
    private const string Allowed = "allowed is what mosquitto_passwd or mkpasswd -m sha-512 writes ($6$… or $7$…)";

    [Fact]
    public void Comments_and_empty_lines_are_passed_over()
    {
        var file = PasswordFile.Parse(["# users", "", "joe:" + Mosquitto7, "  ", "#ann:" + Mosquitto7, "bob:" + Mosquitto7 + "\r"]);

        Assert.Equal(2, file.Count);
        Assert.NotNull(file.Find("joe"));
        Assert.NotNull(file.Find("bob"));
        Assert.Null(file.Find("#ann"));
        Assert.Null(file.Find("ann"));
    }

    [Theory]
    [InlineData("joe", "line 2 is not user:hash")]
    [InlineData(":" + Mosquitto7, "line 2 is not user:hash")]
    [InlineData("joe:s3cret", "line 2 has no hash that is known; " + Allowed)]
    [InlineData("joe:", "line 2 has no hash that is known; " + Allowed)]
    [InlineData("joe:$y$j9T$s3cret$s3cret", "line 2 has no hash that is known; " + Allowed)]
    [InlineData("joe:$2b$12$s3cret", "line 2 has a bcrypt hash; " + Allowed)]
    [InlineData("joe:$2y$12$s3cret", "line 2 has a bcrypt hash; " + Allowed)]
    [InlineData("joe:$argon2id$v=19$m=65536,t=3,p=4$s3cret$s3cret", "line 2 has an argon2 hash; " + Allowed)]
    [InlineData("ann:" + Mosquitto7, "line 2 has a user that stands in the file before")]
    public void A_line_that_is_not_understood_is_named_without_what_stands_in_it(string line, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => PasswordFile.Parse(["ann:" + Mosquitto7, line])).Message);

    [Fact]
    public void For_a_user_who_is_not_there_somebody_of_the_file_is_named_always_the_same()
    {
        var file = PasswordFile.Parse(Enumerable.Range(0, 10).Select(static i => $"user{i}:{Mosquitto7}"));
        var all = Enumerable.Range(0, 10).Select(i => file.Find($"user{i}")).ToHashSet();
        var named = Enumerable.Range(0, 1000).Select(i => file.InPlaceOf($"stranger{i}")).ToHashSet();

        Assert.Subset(all, named);
        Assert.True(named.Count > 1);
        Assert.Same(file.InPlaceOf("x"), file.InPlaceOf("x"));
        Assert.Null(PasswordFile.Parse([]).InPlaceOf("x"));
    }
}

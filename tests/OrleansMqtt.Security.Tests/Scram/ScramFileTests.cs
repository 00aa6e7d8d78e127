using OrleansMqtt.Security.Scram;

namespace OrleansMqtt.Security.Tests.Scram;

public sealed class ScramFileTests
{
    private const string Line = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    [Fact]
    public void A_credential_is_written_as_PostgreSQL_does_and_read_again()
    {
        Assert.Equal(Line, ScramCredential.Of("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096).Write());
        Assert.Equal(Line, ScramCredential.TryParse(Line)!.Write());
        Assert.NotEqual(ScramCredential.Of("pencil", 4096).Write(), ScramCredential.Of("pencil", 4096).Write());
    }

    [Fact]
    public void Comments_and_empty_lines_are_passed_over()
    {
        var file = ScramFile.Parse(["# users", "", "joe:" + Line]);
        Assert.Equal(1, file.Count);
        Assert.Equal(Line, file.Find("joe", out var isKnown).Write());
        Assert.True(isKnown);
        file.Find("# users", out isKnown);
        Assert.False(isKnown);
    }

    [Theory]
    [InlineData("joe:s3cret")]
    [InlineData("joe:SCRAM-SHA-1$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")]
    [InlineData("joe:SCRAM-SHA-256$4095:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")]
    [InlineData("joe:SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm:wfPLwcE6")]
    [InlineData("joe")]
    [InlineData(":" + Line)]
    public void A_line_that_is_not_understood_is_named(string line) =>
        Assert.Equal("line 2 is not user:SCRAM-SHA-256$iterations:salt$storedKey:serverKey with 4096 iterations or more", Assert.Throws<FormatException>(() => ScramFile.Parse(["#", line])).Message);

    [Theory]
    [InlineData("jö:" + Line, "line 2 has a user with other characters than printable ASCII")]
    [InlineData("joe:" + Line, "line 2 has a user that stands in the file before")]
    public void Users_are_printable_ASCII_and_there_once(string line, string problem) => Assert.Equal(problem, Assert.Throws<FormatException>(() => ScramFile.Parse(["joe:" + Line, line])).Message);
}

using System.Runtime.Versioning;
using System.Text;
using OrleansMqtt.Cli.Tests.Harness;
using OrleansMqtt.Security.Passwords;
using OrleansMqtt.Security.Scram;

namespace OrleansMqtt.Cli.Tests.Users;

public sealed class PasswdCommandTests : IDisposable
{
    private const string Secret = "s3cret word";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleansmqtt-cli-");

    private string File => Path.Combine(_directory.FullName, "users");

    [Fact]
    public async Task A_line_of_a_password_file_goes_to_standard_output()
    {
        var line = (await Tool.RunAsync("passwd joe", secrets: Piped(Secret))).ShouldExitWith(0).Output;
        Assert.StartsWith("joe:$7$210000$", line, StringComparison.Ordinal);
        Assert.True(PasswordHash.TryParse(line.TrimEnd()[4..])!.Verify(Encoding.UTF8.GetBytes(Secret)));
        Assert.StartsWith("joe:$7$101$", (await Tool.RunAsync("passwd joe --iterations 101", secrets: Piped("pässword"))).ShouldExitWith(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_for_SCRAM_too()
    {
        var line = (await Tool.RunAsync("passwd joe --kind scram --iterations 4096", secrets: Piped(Secret))).ShouldExitWith(0).Output;
        var credential = ScramCredential.TryParse(line.TrimEnd()["joe:".Length..])!;
        Assert.Equal(ScramCredential.Of(Secret, credential.Salt, 4096).Write(), credential.Write());
        Assert.StartsWith("joe:SCRAM-SHA-256$15000:", (await Tool.RunAsync("passwd joe --kind scram", secrets: Piped(Secret))).ShouldExitWith(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task In_a_file_the_users_line_is_exchanged_and_all_else_stays()
    {
        await System.IO.File.WriteAllTextAsync(File, "# ours\njoe:old\n#joe:older\njoey:other\n", TestContext.Current.CancellationToken);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var link = Path.Combine(_directory.FullName, "link");
        System.IO.File.CreateSymbolicLink(link, "users");

        Assert.Equal("", (await Tool.RunAsync($"passwd joe --iterations 101 --file {link}", secrets: Piped(Secret))).ShouldExitWith(0).Output);
        await Tool.RunAsync($"passwd ann --iterations 101 --file {File}", secrets: Piped(Secret));

        var lines = await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken);
        Assert.Equal(["# ours", "#joe:older", "joey:other"], [lines[0], lines[2], lines[3]]);
        Assert.StartsWith("joe:$7$101$", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("ann:$7$101$", lines[4], StringComparison.Ordinal);
        Assert.Equal(5, lines.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(["link", "users"], _directory.EnumerateFiles().Select(static f => f.Name).Order());
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_new_file_is_its_owners_alone()
    {
        (await Tool.RunAsync($"passwd joe --iterations 101 --file {File}", secrets: Piped(Secret))).ShouldExitWith(0);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_trouble()
    {
        var result = await Tool.RunAsync($"passwd joe --iterations 101 --file {File}/no/folder", secrets: Piped(Secret));
        Assert.Equal(1, result.Code);
        Assert.StartsWith($"{File}/no/folder cannot be written: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("same", "same", 0, "")]
    [InlineData("same", "other", 2, "The two passwords are different.")]
    [InlineData("same", null, 2, "The two passwords are different.")]
    public async Task What_is_typed_is_asked_for_twice(string first, string? second, int code, string error)
    {
        var answers = new Queue<string?>([first, second]);
        var prompts = new List<string>();
        var result = await Tool.RunAsync("passwd joe --iterations 101", secrets: new SecretInput(
            prompt =>
            {
                prompts.Add(prompt);
                return answers.Dequeue();
            },
            IsTyped: true));
        Assert.Equal((code, error), (result.Code, result.Error));
        Assert.Equal(["Password: ", "Once more: "], prompts);
    }

    [Theory]
    [InlineData("passwd", "s", "orleansmqtt passwd has no user; allowed is the user's name.")]
    [InlineData("passwd #joe", "s", "Argument user has no name that a line can begin with; allowed is a text without colon, control characters and # at its beginning.")]
    [InlineData("passwd jo:e", "s", "Argument user has no name that a line can begin with; allowed is a text without colon, control characters and # at its beginning.")]
    [InlineData("passwd joe", "", "There is no password; allowed is one of at least one character.")]
    [InlineData("passwd joe", null, "There is no password; allowed is one of at least one character.")]
    [InlineData("passwd joe --kind md5", "s", "Option --kind is \"md5\"; allowed is password or scram.")]
    [InlineData("passwd joe --iterations 0", "s", "Option --iterations is \"0\"; allowed is a whole number from 1 to 10000000.")]
    [InlineData("passwd joe --kind scram --iterations 4095", "s", "Option --iterations is \"4095\"; allowed with --kind scram is a whole number from 4096 to 10000000.")]
    [InlineData("passwd jö --kind scram", "s", "Argument user has other characters than printable ASCII; allowed with --kind scram are those alone.")]
    [InlineData("passwd joe --kind scram", "ö", "The password has other characters than printable ASCII; allowed with --kind scram are those alone.")]
    public async Task A_mistake_is_one_sentence_and_exit_code_2(string arguments, string? password, string sentence)
    {
        var result = await Tool.RunAsync(arguments, secrets: Piped(password));
        Assert.Equal((2, "", sentence), (result.Code, result.Output, result.Error));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static SecretInput Piped(string? text) => new(_ => text, IsTyped: false);
}

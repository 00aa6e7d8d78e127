using System.Diagnostics;
using OrleansMqtt.Security.Passwords;
using OrleansMqtt.Security.Tests.Support;

namespace OrleansMqtt.Security.Tests.Passwords;

/// <summary>Files that mosquitto's own program has written.</summary>
public sealed class MosquittoPasswdTests : IDisposable
{
    private const string Program = "mosquitto_passwd";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("sha512-pbkdf2", typeof(Pbkdf2Sha512))]
    [InlineData("sha512", typeof(SaltedSha512))]
    public async Task Its_hashes_are_understood(string kind, Type expected)
    {
        var path = _folder.Path("users");
        await RunAsync("-H", kind, "-c", "-b", path, "joe", "s3cret pässword");
        await RunAsync("-H", kind, "-b", path, "ann", "another");
        // As row H15 has it: people comment their files.
        await File.WriteAllLinesAsync(path, ["# our users", .. await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken)], TestContext.Current.CancellationToken);
        var file = PasswordFile.Load(path);

        Assert.Equal(2, file.Count);
        Assert.IsType(expected, file.Find("joe"));
        Assert.True(file.Find("joe")!.Verify("s3cret pässword"u8));
        Assert.False(file.Find("joe")!.Verify("another"u8));
        Assert.True(file.Find("ann")!.Verify("another"u8));
    }

    [Fact]
    public async Task A_plain_file_that_it_converted_is_understood()
    {
        var path = _folder.Write("users", "joe:s3cret\nann:another\n");
        Assert.Throws<FormatException>(() => PasswordFile.Load(path));
        await RunAsync("-U", path);
        Assert.True(PasswordFile.Load(path).Find("joe")!.Verify("s3cret"u8));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task RunAsync(params string[] arguments)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static folder => File.Exists(Path.Combine(folder, Program)));
        Assert.SkipUnless(found, $"{Program} is not installed.");
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}

using Microsoft.Extensions.Logging;
using OrleansMqtt.Security.Files;
using OrleansMqtt.Security.Tests.Support;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Security.Tests.Files;

public sealed class WatchedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly RecordingLogger _log = new();

    [Fact]
    public void A_file_that_is_written_anew_is_read_when_it_has_been_the_same_for_a_while()
    {
        var path = Write("one", day: 1);
        using var file = Watch(path);
        var changes = 0;
        file.Changed += () => changes++;

        Write("half", day: 2);
        Pass();
        Assert.Equal("one", file.Current);
        Write("whole", day: 3);
        Pass();
        Assert.Equal(("one", 0), (file.Current, changes));
        Pass();
        Assert.Equal(("whole", 1), (file.Current, changes));
        Pass();
        Assert.Equal(1, changes);
        Assert.Contains("was read again", _log.Text, StringComparison.Ordinal);
    }

    /// <summary>As Kubernetes swaps a mounted secret: the file is a link into a folder which is a link.</summary>
    [Fact]
    public void A_link_of_a_folder_on_the_way_may_be_turned()
    {
        foreach (var name in new[] { "first", "second" })
        {
            Directory.CreateDirectory(_folder.Path(name));
            _folder.Write($"{name}/users", name == "first" ? "11" : "22");
            File.SetLastWriteTimeUtc(_folder.Path($"{name}/users"), new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }
        Directory.CreateSymbolicLink(_folder.Path("data"), "first");
        File.CreateSymbolicLink(_folder.Path("users"), "data/users");
        using var file = Watch(_folder.Path("users"));
        Assert.Equal("11", file.Current);

        Directory.Delete(_folder.Path("data"));
        Directory.CreateSymbolicLink(_folder.Path("data"), "second");
        Pass(2);
        Assert.Equal("22", file.Current);
    }

    [Fact]
    public void A_version_that_cannot_be_used_changes_nothing_and_is_warned_of_once()
    {
        using var file = Watch(Write("good", day: 1));

        Write("bad", day: 2);
        Pass(5);
        Assert.Equal("good", file.Current);
        var (level, text) = Assert.Single(_log.Entries);
        Assert.Equal((LogLevel.Warning, $"{_folder.Path("users")} has changed but cannot be used: line 1 is bad. What it said before holds on."), (level, text));

        Write("better", day: 3);
        Pass(2);
        Assert.Equal("better", file.Current);
    }

    [Fact]
    public void A_file_that_is_gone_is_warned_of_once_and_may_come_back()
    {
        var path = Write("one", day: 1);
        using var file = Watch(path);

        File.Delete(path);
        Pass(5);
        Assert.Equal("one", file.Current);
        Assert.Equal(LogLevel.Warning, Assert.Single(_log.Entries).Level);

        Write("two", day: 2);
        Pass(2);
        Assert.Equal("two", file.Current);
    }

    [Fact]
    public void What_an_unexpected_exception_says_is_not_logged()
    {
        var path = Write("one", day: 1);
        var fails = false;
        using var file = new WatchedFile<string>(path, read => fails ? throw new InvalidOperationException("s3cret") : File.ReadAllText(read), _time, _log);

        fails = true;
        Write("two", day: 2);
        Pass(2);
        Assert.Contains(nameof(InvalidOperationException), _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_version_must_be_usable()
    {
        Assert.Throws<FileNotFoundException>(() => Watch(_folder.Path("none")));
        Assert.Throws<FormatException>(() => Watch(Write("bad", day: 1)));
    }

    [Fact]
    public void Links_that_go_round_are_no_file()
    {
        File.CreateSymbolicLink(_folder.Path("a"), "b");
        File.CreateSymbolicLink(_folder.Path("b"), "a");
        Assert.Equal(default, FileStamp.Of(_folder.Path("a")));
    }

    public void Dispose() => _folder.Dispose();

    private WatchedFile<string> Watch(string path) =>
        new(path, static read => File.ReadAllText(read) is var text && text == "bad" ? throw new FormatException("line 1 is bad") : text, _time, _log);

    private void Pass(int times = 1)
    {
        for (; times > 0; times--) _time.Advance(WatchedFile<string>.Interval);
    }

    private string Write(string text, int day)
    {
        var path = _folder.Write("users", text);
        File.SetLastWriteTimeUtc(path, new DateTime(2030, 1, day, 0, 0, 0, DateTimeKind.Utc));
        return path;
    }
}

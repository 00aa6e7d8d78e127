using OrleansMqtt.AppHost.Local;
using OrleansMqtt.Interop.Tests.Processes;

namespace OrleansMqtt.AppHost.Tests.Local;

public sealed class DataDirectoryTests
{
    [Fact]
    public void One_at_a_time_has_a_directory()
    {
        using var parent = new TemporaryDirectory();
        var path = parent.File("deep/data");
        using (var first = DataDirectory.Take(path, out var none))
        {
            Assert.NotNull(first);
            Assert.Null(none);
            Assert.Null(DataDirectory.Take(path, out var problem));
            Assert.StartsWith($"The directory {path} (--data) cannot be used: ", problem, StringComparison.Ordinal);
        }
        using var second = DataDirectory.Take(path, out _);
        Assert.NotNull(second);
    }

    [Fact]
    public void What_is_a_file_is_none()
    {
        using var parent = new TemporaryDirectory();
        File.WriteAllText(parent.File("file"), "");
        Assert.Null(DataDirectory.Take(parent.File("file"), out var problem));
        Assert.NotNull(problem);
    }
}

using System.Diagnostics;
using OrleansMqtt.Storage.Sqlite.Sessions;
using OrleansMqtt.Storage.Sqlite.Tests.Support;

namespace OrleansMqtt.Storage.Sqlite.Tests;

/// <summary>A process that appends is killed: what it was told is there, and in order.</summary>
public sealed class KillTests : IDisposable
{
    private const int Sessions = 16, Cycles = 4, Acknowledgements = 400;
    private readonly DataDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("process")]
    [InlineData("disk")]
    public async Task What_was_acknowledged_survives_kill_9(string level)
    {
        var acknowledged = new long[Sessions];
        Array.Fill(acknowledged, -1);
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            await AppendAndKillAsync(level, acknowledged);
            var log = new SqliteSessionLog(_directory.Open());
            for (var session = 0; session < Sessions; session++)
            {
                var positions = (await log.ReadAsync($"c{session}", 0, int.MaxValue)).Select(static s => s.Entry.Sequence).ToList();
                Assert.Equal(Enumerable.Range(0, positions.Count).Select(static i => (long)i), positions);
                Assert.InRange(positions.Count, acknowledged[session] + 1, long.MaxValue);
            }
            _directory.Close();
        }
    }

    private async Task AppendAndKillAsync(string level, long[] acknowledged)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "OrleansMqtt.Storage.Writer.dll");
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet) { RedirectStandardOutput = true, ArgumentList = { program, "acknowledge", _directory.Path, level, $"{Sessions}" } };
        using var process = Process.Start(start)!;
        try
        {
            for (var count = 0; await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line; count++)
            {
                var words = line.Split(' ');
                acknowledged[int.Parse(words[0], null)] = long.Parse(words[1], null);
                // Lines that it had written until it died count as well: on to the end.
                if (count == Acknowledgements) process.Kill();
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
        Assert.InRange(acknowledged.Max(), 0, long.MaxValue);
    }
}

using OrleansMqtt.Storage.Specification;
using OrleansMqtt.Storage.Sqlite.Engine;
using OrleansMqtt.Storage.Sqlite.Sessions;
using OrleansMqtt.Storage.Sqlite.Tests.Support;

namespace OrleansMqtt.Storage.Sqlite.Tests;

/// <summary>The numbers that stand for clients, and the highest position, at their bounds.</summary>
public sealed class LogNumberTests : IDisposable
{
    private readonly DataDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_highest_number_works_and_numbers_go_round_past_those_in_use()
    {
        await new SqliteSessionLog(_directory.Open()).OpenAsync("last", 1);
        await new SqliteSessionLog(_directory.Open()).OpenAsync("zero", 1);
        Alter($"UPDATE log SET number = {EntryId.MaximumNumber} WHERE client = 'last'; UPDATE log SET number = 0 WHERE client = 'zero'; INSERT INTO dropped_log VALUES (1)");
        Alter("INSERT INTO entry VALUES ((1 << 39) + 5, 1, 0, x'00')");
        var log = new SqliteSessionLog(_directory.Open());
        string[] clients = ["last", "zero", "new", "newer"];
        foreach (var client in clients) await log.AppendAsync(client, 1, [Samples.Entry(0, client), Samples.Entry(EntryId.MaximumPosition, client)]);
        log = new SqliteSessionLog(_directory.Open());
        foreach (var client in clients) Assert.Equal([client, client], (await log.ReadAsync(client, 0, 10)).Select(static s => s.Entry.Message.Text()));
        await log.DeleteAsync("last", 1);
        foreach (var client in clients[1..]) Assert.Equal(2, (await log.ReadAsync(client, 0, 10)).Length);
        Assert.Empty(_directory.Logger.Lines);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(EntryId.MaximumPosition + 1)]
    public async Task A_position_out_of_range_is_refused_before_it_reaches_others(long position)
    {
        var log = new SqliteSessionLog(_directory.Open());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await log.AppendAsync("c", 1, [Samples.Entry(position)]));
        Assert.Equal(new SessionLogExtent(0, 0, 0), await log.OpenAsync("c", 1));
    }

    private void Alter(string sql)
    {
        _directory.Close();
        using var database = new SqliteDatabase(_directory.File("store.db"));
        database.Execute(sql);
    }
}

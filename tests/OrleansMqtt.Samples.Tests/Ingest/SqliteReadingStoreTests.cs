using Microsoft.Data.Sqlite;
using OrleansMqtt.Messages;
using OrleansMqtt.Samples.Ingest;

namespace OrleansMqtt.Samples.Tests.Ingest;

public class SqliteReadingStoreTests
{
    [Fact]
    public async Task A_message_is_stored_once_however_often_it_comes()
    {
        await using var readings = new Readings();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => readings.Store.AddAsync(Reading(i % 100), TestContext.Current.CancellationToken)));
        await readings.ReopenAsync();
        await readings.Store.AddAsync(Reading(5), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => ("a/b", (double)i)), readings.All());
    }

    [Fact]
    public async Task A_failure_is_told_and_the_next_reading_is_stored()
    {
        await using var readings = new Readings();
        using (readings.Lock()) await Assert.ThrowsAsync<SqliteException>(() => readings.Store.AddAsync(Reading(1), TestContext.Current.CancellationToken));
        await readings.Store.AddAsync(Reading(2), TestContext.Current.CancellationToken);
        Assert.Equal([("a/b", 2.0)], readings.All());
    }

    private static IdentifiedReading Reading(int number) =>
        new(new MessageIdentity("test", new MessageNumber(1, number), new MessageNumber(1, 0)), "a/b", new Reading(DateTimeOffset.UnixEpoch, number));
}

using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Storage.Redis.Tests.Support;

namespace OrleansMqtt.Storage.Redis.Tests.Clustering;

public sealed class MembershipOutageTests
{
    [Fact]
    public async Task A_server_that_is_not_there_is_told_in_a_sentence_and_may_come_later()
    {
        Assert.SkipWhen(RedisServer.Missing is not null, RedisServer.Missing ?? "");
        var server = await RedisServer.StartAsync();
        await using var _ = server;
        await server.KillAsync();
        var (table, services) = Membership.Open(RedisStoreUnderTest.OptionsOf(server.Address));
        await using var __ = services;
        var exception = await Assert.ThrowsAsync<StoreUnusableException>(() => table.InitializeMembershipTable(true));
        Assert.Equal($"Redis {server.Address} cannot be reached: start Redis there, or correct the address in Cluster:Redis.", exception.Message);

        await server.RunAsync();
        await table.InitializeMembershipTable(true);
        Assert.Equal(0, (await table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task While_the_server_is_away_accesses_fail_and_afterwards_the_table_is_as_it_was()
    {
        var server = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var _ = server;
        var (table, services) = Membership.Open(RedisStoreUnderTest.OptionsOf(server.Address));
        await using var __ = services;
        await table.InitializeMembershipTable(true);
        await table.InsertRow(Membership.Row(11111), (await table.ReadAll()).Version.Next());
        await server.KillAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(table.ReadAll);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => table.UpdateIAmAlive(Membership.Row(11111)));

        await server.RunAsync("--appendonly", "yes", "--appendfsync", "always");
        MembershipTableData? read = null;
        while (read is null)
        {
            try
            {
                read = await table.ReadAll();
            }
            catch (StoreUnavailableException)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
        Assert.Equal((1, 1), (read.Version.Version, read.Members.Count));
    }

    [Fact]
    public async Task A_server_that_hangs_and_goes_on_has_done_each_change_once()
    {
        var server = await RedisServer.StartAsync();
        await using var _ = server;
        var log = new ListLogger();
        // The change is repeated on a new connection while its caller waits.
        var (table, services) = Membership.Open(RedisStoreUnderTest.OptionsOf(server.Address) with { AnswerTimeout = TimeSpan.FromMilliseconds(100) }, log);
        await using var __ = services;
        await table.InitializeMembershipTable(true);
        var next = (await table.ReadAll()).Version.Next();
        var lost = log.NextAsync("is lost");
        await server.SignalAsync("STOP");
        var inserting = table.InsertRow(Membership.Row(11111), next);
        await lost;
        await server.SignalAsync("CONT");
        Assert.True(await inserting);
        Assert.Equal(1, (await table.ReadAll()).Version.Version);
    }
}

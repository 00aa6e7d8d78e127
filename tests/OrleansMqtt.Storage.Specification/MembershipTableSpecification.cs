using System.Net;

namespace OrleansMqtt.Storage.Specification;

/// <summary>What <see cref="IMembershipTable"/> says, and what the bundled runtime relies on beyond it.</summary>
public abstract class MembershipTableSpecification : IAsyncLifetime
{
    private static readonly DateTime Start = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private IMembershipTable? _table;

    private IMembershipTable Table => _table!;

    protected abstract ValueTask<IMembershipTable> CreateAsync();

    public async ValueTask InitializeAsync()
    {
        _table = await CreateAsync();
        await _table.InitializeMembershipTable(true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_table is not null) await _table.DeleteMembershipTableEntries("");
        (_table as IDisposable)?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_new_table_is_empty_at_version_0()
    {
        var table = await Table.ReadAll();
        Assert.Equal((0, 0), (table.Version.Version, table.Members.Count));
        await Table.InitializeMembershipTable(true);
        await InsertAsync(Row(1));
        await Table.InitializeMembershipTable(true);
        Assert.Equal(1, (await Table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task A_row_is_read_as_it_was_written()
    {
        var row = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Parse("10.1.2.3"), 4711, 815), Status = SiloStatus.Joining, ProxyPort = 30000,
            HostName = "häuschen \"\\\n", SiloName = "\"IAmAliveTime\":\"2099\",\"UpdateZone\":9,\"Status\":6", RoleName = "role", UpdateZone = 7, FaultZone = 8,
            StartTime = Start.AddTicks(1), IAmAliveTime = Start.AddTicks(1_234_560),
        };
        row.AddSuspector(Silo(5), Start.AddTicks(9));
        await InsertAsync(row);
        AssertSame(row, (await Table.ReadAll()).Members.Single().Item1);
        AssertSame(row, (await Table.ReadRow(row.SiloAddress)).Members.Single().Item1);
        await Table.UpdateIAmAlive(new MembershipEntry { SiloAddress = row.SiloAddress, IAmAliveTime = Start.AddTicks(1_234_561), UpdateZone = 10 });
        (row.IAmAliveTime, row.UpdateZone) = (Start.AddTicks(1_234_561), 10);
        AssertSame(row, (await Table.ReadRow(row.SiloAddress)).Members.Single().Item1);
    }

    [Fact]
    public async Task What_was_written_and_read_is_the_tables_own()
    {
        var row = Row(1);
        await InsertAsync(row);
        row.Status = SiloStatus.Active;
        (await ReadAsync(1)).Item1.Status = SiloStatus.Dead;
        Assert.Equal(SiloStatus.Joining, (await ReadAsync(1)).Item1.Status);
    }

    [Fact]
    public async Task A_row_of_an_unknown_silo_is_none_and_the_version_is_read_all_the_same()
    {
        await InsertAsync(Row(1));
        var table = await Table.ReadRow(Silo(2));
        Assert.Equal((0, 1), (table.Members.Count, table.Version.Version));
        Assert.Equal((await Table.ReadAll()).Version.VersionEtag, table.Version.VersionEtag);
    }

    [Fact]
    public async Task Each_change_of_a_row_counts_the_version_up_and_gives_new_etags()
    {
        await InsertAsync(Row(1));
        var first = await Table.ReadAll();
        Assert.True(await Table.UpdateRow(Row(1, SiloStatus.Active), first.TryGet(Silo(1))!.Item2, first.Version.Next()));
        var second = await Table.ReadAll();
        Assert.Equal((1, 2), (first.Version.Version, second.Version.Version));
        Assert.NotEqual(first.Version.VersionEtag, second.Version.VersionEtag);
        Assert.NotEqual(first.TryGet(Silo(1))!.Item2, second.TryGet(Silo(1))!.Item2);
        Assert.Equal(SiloStatus.Active, second.TryGet(Silo(1))!.Item1.Status);
    }

    [Fact]
    public async Task A_row_is_not_inserted_at_a_stale_version()
    {
        var stale = (await Table.ReadAll()).Version.Next();
        await InsertAsync(Row(1));
        Assert.False(await Table.InsertRow(Row(2), stale));
        Assert.Equal([Silo(1)], (await Table.ReadAll()).Members.Select(static m => m.Item1.SiloAddress));
    }

    [Fact]
    public async Task Versions_are_not_left_out()
    {
        var version = (await Table.ReadAll()).Version;
        Assert.False(await Table.InsertRow(Row(1), new TableVersion(version.Version + 2, version.VersionEtag)));
        Assert.False(await Table.InsertRow(Row(1), version));
        Assert.Equal(0, (await Table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task A_row_that_is_there_is_not_inserted_again()
    {
        await InsertAsync(Row(1));
        Assert.False(await Table.InsertRow(Row(1, SiloStatus.Active), (await Table.ReadAll()).Version.Next()));
        Assert.Equal((SiloStatus.Joining, 1), ((await ReadAsync(1)).Item1.Status, (await Table.ReadAll()).Version.Version));
    }

    [Fact]
    public async Task A_row_is_not_updated_at_a_stale_version()
    {
        await InsertAsync(Row(1));
        var stale = await Table.ReadAll();
        await InsertAsync(Row(2));
        Assert.False(await Table.UpdateRow(Row(1, SiloStatus.Active), stale.TryGet(Silo(1))!.Item2, stale.Version.Next()));
        Assert.Equal((SiloStatus.Joining, 2), ((await ReadAsync(1)).Item1.Status, (await Table.ReadAll()).Version.Version));
    }

    [Fact]
    public async Task A_row_is_not_updated_with_a_stale_etag()
    {
        await InsertAsync(Row(1));
        var etag = (await ReadAsync(1)).Item2;
        Assert.True(await Table.UpdateRow(Row(1, SiloStatus.Active), etag, (await Table.ReadAll()).Version.Next()));
        Assert.False(await Table.UpdateRow(Row(1, SiloStatus.Dead), etag, (await Table.ReadAll()).Version.Next()));
        Assert.Equal(SiloStatus.Active, (await ReadAsync(1)).Item1.Status);
    }

    [Fact]
    public async Task A_row_that_is_not_there_is_not_updated()
    {
        await InsertAsync(Row(1));
        Assert.False(await Table.UpdateRow(Row(2), (await ReadAsync(1)).Item2, (await Table.ReadAll()).Version.Next()));
        Assert.Equal(1, (await Table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task A_heartbeat_needs_no_version_and_changes_none()
    {
        await InsertAsync(Row(1));
        await Table.UpdateIAmAlive(new MembershipEntry { SiloAddress = Silo(1), IAmAliveTime = Start.AddSeconds(1), UpdateZone = 1 });
        var row = (await ReadAsync(1)).Item1;
        Assert.Equal((Start.AddSeconds(1), 1, SiloStatus.Joining, "silo1"), (row.IAmAliveTime, row.UpdateZone, row.Status, row.SiloName));
        Assert.Equal(1, (await Table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task A_heartbeat_changes_the_rows_etag_so_that_nobody_is_declared_dead_on_an_older_one()
    {
        await InsertAsync(Row(1));
        var table = await Table.ReadAll();
        await Table.UpdateIAmAlive(new MembershipEntry { SiloAddress = Silo(1), IAmAliveTime = Start.AddTicks(1) });
        Assert.False(await Table.UpdateRow(Row(1, SiloStatus.Dead), table.TryGet(Silo(1))!.Item2, table.Version.Next()));
        Assert.True(await Table.UpdateRow(Row(1, SiloStatus.Dead), (await ReadAsync(1)).Item2, table.Version.Next()));
    }

    [Fact]
    public async Task A_heartbeat_that_comes_late_does_not_set_a_later_one_back()
    {
        await InsertAsync(Row(1));
        await Table.UpdateIAmAlive(new MembershipEntry { SiloAddress = Silo(1), IAmAliveTime = Start.AddSeconds(2), UpdateZone = 2 });
        var later = await ReadAsync(1);
        await Table.UpdateIAmAlive(new MembershipEntry { SiloAddress = Silo(1), IAmAliveTime = Start.AddSeconds(1), UpdateZone = 1 });
        var row = await ReadAsync(1);
        Assert.Equal((later.Item2, Start.AddSeconds(2), 2), (row.Item2, row.Item1.IAmAliveTime, row.Item1.UpdateZone));
    }

    [Fact]
    public async Task A_heartbeat_wakes_no_dead_and_makes_no_row()
    {
        await InsertAsync(Row(1, SiloStatus.Dead));
        var dead = await ReadAsync(1);
        await Table.UpdateIAmAlive(new MembershipEntry { SiloAddress = Silo(1), IAmAliveTime = Start.AddSeconds(1) });
        await Table.UpdateIAmAlive(new MembershipEntry { SiloAddress = Silo(2), IAmAliveTime = Start.AddSeconds(1) });
        Assert.Equal((dead.Item2, SiloStatus.Dead, Start), ((await ReadAsync(1)).Item2, (await ReadAsync(1)).Item1.Status, (await ReadAsync(1)).Item1.IAmAliveTime));
        Assert.Single((await Table.ReadAll()).Members);
    }

    [Fact]
    public async Task Of_many_inserts_at_once_one_wins_each_version()
    {
        const int Silos = 16;
        var wins = new int[Silos + 1];
        await Task.WhenAll(Enumerable.Range(1, Silos).Select(i => Task.Run(async () =>
        {
            while (true)
            {
                var next = (await Table.ReadAll()).Version.Next();
                if (!await Table.InsertRow(Row(i), next)) continue;
                Interlocked.Increment(ref wins[next.Version]);
                return;
            }
        })));
        Assert.Equal([0, .. Enumerable.Repeat(1, Silos)], wins);
        var table = await Table.ReadAll();
        Assert.Equal((Silos, Silos), (table.Version.Version, table.Members.Count));
    }

    [Fact]
    public async Task All_rows_and_the_version_are_read_at_one_moment()
    {
        const int Silos = 30;
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= Silos; i++) await InsertAsync(Row(i));
        });
        int read;
        do
        {
            var table = await Table.ReadAll();
            read = table.Version.Version;
            Assert.Equal(read, table.Members.Count);
        }
        while (read < Silos && !writing.IsFaulted);
        await writing;
    }

    [Fact]
    public async Task The_long_dead_are_forgotten_and_nobody_else()
    {
        await InsertAsync(Row(1, SiloStatus.Dead));
        await InsertAsync(Row(2, SiloStatus.Dead, alive: Start.AddDays(2)));
        await InsertAsync(Row(3, SiloStatus.Dead, started: Start.AddDays(2)));
        await InsertAsync(Row(4, SiloStatus.Active));
        await InsertAsync(Row(5));
        await Table.CleanupDefunctSiloEntries(new DateTimeOffset(Start.AddDays(1)));
        var table = await Table.ReadAll();
        Assert.Equal(["silo2", "silo3", "silo4", "silo5"], table.Members.Select(static m => m.Item1.SiloName).Order());
        Assert.Equal(5, table.Version.Version);
    }

    [Fact]
    public async Task A_deleted_table_is_as_new()
    {
        await InsertAsync(Row(1));
        await Table.DeleteMembershipTableEntries("");
        await Table.InitializeMembershipTable(true);
        Assert.Equal((0, 0), ((await Table.ReadAll()).Version.Version, (await Table.ReadAll()).Members.Count));
    }

    private static SiloAddress Silo(int number) => SiloAddress.New(IPAddress.Loopback, 11000 + number, number);

    private static MembershipEntry Row(int number, SiloStatus status = SiloStatus.Joining, DateTime? alive = null, DateTime? started = null) => new()
    {
        SiloAddress = Silo(number), Status = status, SiloName = $"silo{number}", HostName = "host", StartTime = started ?? Start, IAmAliveTime = alive ?? Start,
    };

    private static void AssertSame(MembershipEntry expected, MembershipEntry actual)
    {
        Assert.Equal(expected.SuspectTimes, actual.SuspectTimes);
        Assert.Equal(DateTimeKind.Utc, actual.IAmAliveTime.Kind);
        Assert.Equal(Fields(expected), Fields(actual));

        static object?[] Fields(MembershipEntry e) =>
            [e.SiloAddress, e.Status, e.ProxyPort, e.HostName, e.SiloName, e.RoleName, e.UpdateZone, e.FaultZone, e.StartTime, e.IAmAliveTime];
    }

    private async Task InsertAsync(MembershipEntry row) => Assert.True(await Table.InsertRow(row, (await Table.ReadAll()).Version.Next()));

    private async Task<Tuple<MembershipEntry, string>> ReadAsync(int number) => (await Table.ReadRow(Silo(number))).Members.Single();
}

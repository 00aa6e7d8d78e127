using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Storage.Redis.Tests.Support;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Tests.Clustering;

public sealed class MembershipLayoutTests(SharedServer server) : IAsyncLifetime
{
    // As Microsoft.Orleans.Clustering.Redis 10.4 writes it, by its source.
    private const string Foreign = """
        {"SiloAddress":{"SiloAddress":"127.0.0.1:11111@151234567"},"Status":6,"SuspectTimes":[{"Item1":{"SiloAddress":"127.0.0.1:11112@151234568"},"Item2":"2026-01-02T03:04:05.6Z"}],"ProxyPort":30000,"HostName":"h","SiloName":"Silo_1","RoleName":null,"UpdateZone":0,"FaultZone":0,"StartTime":"2026-01-02T03:04:05Z","IAmAliveTime":"2026-01-02T03:04:05.1234567Z"}
        """;

    private readonly RedisStoreOptions _options = RedisStoreUnderTest.OptionsOf(server.Address) with { ServiceId = "service" + Guid.NewGuid().ToString("N") };
    private ConnectionMultiplexer? _raw;
    private (IMembershipTable Table, ServiceProvider Services) _opened;

    private IMembershipTable Table => _opened.Table;

    private string Key => $"{_options.ServiceId}/members/{_options.ClusterId}";

    private IDatabase Raw => _raw!.GetDatabase();

    public async ValueTask InitializeAsync()
    {
        _opened = Membership.Open(_options);
        await Table.InitializeMembershipTable(true);
        _raw = await ConnectionMultiplexer.ConnectAsync(server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_raw is null) return;
        await _opened.Services.DisposeAsync();
        _raw.Close(allowCommandsToComplete: false);
        _raw.Dispose();
    }

    [Fact]
    public async Task The_table_lies_where_the_Orleans_package_has_it_and_looks_the_same()
    {
        var row = Membership.Row(11111);
        Assert.True(await Table.InsertRow(row, (await Table.ReadAll()).Version.Next()));
        var fields = (await Raw.HashGetAllAsync(Key)).ToDictionary(static f => (string)f.Name!, static f => (string)f.Value!);
        Assert.Equal(["S127.0.0.1:11111:7", "Version"], fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("1", fields["Version"]);
        Assert.Equal(
            """
            {"SiloAddress":{"SiloAddress":"127.0.0.1:11111@7"},"Status":2,"SuspectTimes":null,"ProxyPort":0,"HostName":"h","SiloName":"s","RoleName":null,"UpdateZone":0,"FaultZone":0,"StartTime":"2030-01-01T00:00:00.0000000Z","IAmAliveTime":"2030-01-01T00:00:00.0000000Z"}
            """, fields["S127.0.0.1:11111:7"]);
    }

    [Fact]
    public async Task What_the_Orleans_package_has_written_is_read()
    {
        await Raw.HashSetAsync(Key, [new("Version", "41"), new("S127.0.0.1:11111:151234567", Foreign)]);
        var table = await Table.ReadAll();
        var row = table.Members.Single().Item1;
        Assert.Equal((41, SiloStatus.Dead, 30000, "Silo_1"), (table.Version.Version, row.Status, row.ProxyPort, row.SiloName));
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, 600, DateTimeKind.Utc), Assert.Single(row.SuspectTimes!).Item2);
        await Table.CleanupDefunctSiloEntries(new DateTimeOffset(2026, 1, 3, 0, 0, 0, TimeSpan.Zero));
        Assert.Empty((await Table.ReadAll()).Members);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"SiloAddress":{"SiloAddress":"nowhere"},"Status":2}""")]
    public async Task A_row_that_cannot_be_read_is_an_error_that_names_it(string text)
    {
        await Raw.HashSetAsync(Key, "S1", text);
        var exception = await Assert.ThrowsAsync<InvalidDataException>(Table.ReadAll);
        Assert.StartsWith($"The row S1 of {Key} in Redis cannot be read (", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("): delete it if its silo does not run.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_that_does_not_exist_is_an_error()
    {
        await Raw.HashSetAsync(Key, "S1", Foreign.Replace("\"Status\":6", "\"Status\":7", StringComparison.Ordinal));
        await Assert.ThrowsAsync<InvalidDataException>(Table.ReadAll);
    }

    [Fact]
    public async Task A_version_that_is_no_number_is_an_error()
    {
        await Raw.HashSetAsync(Key, "Version", "x");
        Assert.Equal(
            $"The version of {Key} in Redis is no number: delete the key when no silo runs.", (await Assert.ThrowsAsync<InvalidDataException>(Table.ReadAll)).Message);
    }

    [Fact]
    public async Task Clusters_that_share_a_server_have_tables_of_their_own()
    {
        var (other, services) = Membership.Open(_options with { ClusterId = _options.ClusterId + "2" });
        await using var _ = services;
        await other.InitializeMembershipTable(true);
        await Table.InsertRow(Membership.Row(11111), (await Table.ReadAll()).Version.Next());
        Assert.Equal((1, 0), ((await Table.ReadAll()).Version.Version, (await other.ReadAll()).Version.Version));
    }
}

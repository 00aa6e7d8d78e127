using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Storage;
using OrleansMqtt.Storage.Specification;
using OrleansMqtt.Storage.Sqlite.Engine;
using OrleansMqtt.Storage.Sqlite.Sessions;
using OrleansMqtt.Storage.Sqlite.Tests.Support;

namespace OrleansMqtt.Storage.Sqlite.Tests;

/// <summary>What start-up says of a store that cannot be used: one sentence.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly DataDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_path_that_is_a_file_is_refused()
    {
        var path = _directory.File("file");
        File.WriteAllText(path, "");
        Assert.Contains("is a file", Refused(new SqliteStoreOptions { Directory = path }), StringComparison.Ordinal);
        Assert.Contains("cannot be created", Refused(new SqliteStoreOptions { Directory = Path.Combine(path, "below") }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_is_created() => new SqliteStore(new SqliteStoreOptions { Directory = _directory.File("a/b") }, TimeProvider.System, _directory.Logger).Dispose();

    [Fact]
    public void A_directory_that_cannot_be_written_is_refused()
    {
        // Whoever runs the tests may be allowed to write anywhere, but not a file where a directory is.
        Directory.CreateDirectory(_directory.File("store.lock"));
        Assert.Contains("cannot be written", Refused(_directory.Options()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_opener_is_refused_until_the_first_closes()
    {
        _directory.Open();
        Assert.Contains("in use by another process", Refused(_directory.Options()), StringComparison.Ordinal);
        _directory.Open();
    }

    [Fact]
    public void A_newer_format_is_refused()
    {
        _directory.Open();
        Alter("PRAGMA user_version = 2");
        Assert.Contains("newer version (format 2, this one knows 1)", Refused(_directory.Options()), StringComparison.Ordinal);
        // It cannot be salvaged by this version either.
        File.WriteAllText(_directory.File("store.damaged"), "");
        Assert.Contains("newer version (format 2, this one knows 1)", Refused(_directory.Options()), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_programs_database_is_refused()
    {
        Alter("CREATE TABLE theirs (a)");
        Assert.Contains("another program's database", Refused(_directory.Options()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_database_is_refused()
    {
        File.WriteAllText(_directory.File("store.db"), "Dear diary");
        Assert.Contains("is not a database", Refused(_directory.Options()), StringComparison.Ordinal);
        Assert.Equal("Dear diary", File.ReadAllText(_directory.File("store.db")));
    }

    [Fact]
    public void A_refused_directory_can_be_opened_once_it_is_mended()
    {
        File.WriteAllText(_directory.File("store.db"), "Dear diary");
        Refused(_directory.Options());
        File.Delete(_directory.File("store.db"));
        _directory.Open();
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("replica(2)")]
    public void A_level_that_it_does_not_offer_is_refused(string level)
    {
        Assert.True(StoreDurability.TryParse(level, out var durability));
        Assert.Contains($"process and disk, not {level}", Refused(_directory.Options(durability)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DurabilityLevel.Process, 1)]
    [InlineData(DurabilityLevel.Disk, 2)]
    public async Task Each_level_syncs_as_it_says(DurabilityLevel level, long synchronous)
    {
        var store = _directory.Open(new StoreDurability(level));
        Assert.Equal((synchronous, "wal"), await store.WriteAsync(static context => (context.Database.Query("PRAGMA synchronous"), context.Database.QueryTexts("PRAGMA journal_mode")[0])));
    }

    [Fact]
    public async Task A_silo_gets_all_ports()
    {
        using var host = Host();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var services = host.Services;
        await services.GetRequiredService<ISessionLog>().AppendAsync("c", 1, [Samples.Entry(0)]);
        await services.GetRequiredService<IRetainedStore>().StoreAsync(0, 0, [Samples.Message("m")]);
        await services.GetRequiredService<ISubscriptionStore>().ApplyAsync(0, 0, [Samples.Route("f", "c")]);
        await services.GetRequiredService<IDeadlineStore>().SetAsync(0, new Deadline("c", default, 1, 1));
        await services.GetRequiredService<IConnectionStore>().AddAsync("g", new StoredConnection("c", 1));
        Assert.NotNull(await services.GetRequiredService<ILeaseStore>().AcquireAsync("n", "h", TimeSpan.FromHours(1)));
        Assert.Same(services.GetRequiredService<IGrainStorage>(), services.GetRequiredKeyedService<IGrainStorage>("Default"));
        await host.StopAsync(TestContext.Current.CancellationToken);
        host.Dispose();
        Assert.Single(await new SqliteSessionLog(_directory.Open()).ReadAsync("c", 0, 10));
    }

    [Fact]
    public async Task A_silo_whose_store_cannot_be_used_does_not_start()
    {
        _directory.Open();
        using var host = Host();
        await Assert.ThrowsAsync<StoreUnusableException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    private IHost Host()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddMqttSqliteStore(_directory.Options()));
        return builder.Build();
    }

    private string Refused(SqliteStoreOptions options)
    {
        var message = Assert.Throws<StoreUnusableException>(() => new SqliteStore(options, TimeProvider.System, _directory.Logger)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private void Alter(string sql)
    {
        _directory.Close();
        using var database = new SqliteDatabase(_directory.File("store.db"));
        database.Execute(sql);
    }
}

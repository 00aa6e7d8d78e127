using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Hosting.Gateways.Configuration;

namespace OrleansMqtt.Hosting.Tests.Configuration;

/// <summary>appsettings.json changes while a gateway runs.</summary>
public sealed class ConfigurationReloadTests : IDisposable
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleansmqtt-hosts-");
    private readonly Lines _log = new();
    private readonly List<GatewayLimits> _applied = [];
    private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _directory.Delete(recursive: true);

    private void Write(string json) => File.WriteAllText(Path.Combine(_directory.FullName, ConfigurationSources.FileName), json);

    private ConfigurationReload Start(string json, params string[] arguments)
    {
        Write(json);
        var configuration = new ConfigurationManager();
        Assert.Null(ConfigurationSources.Load(configuration, _directory.FullName, arguments));
        return new ConfigurationReload(_directory.FullName, read => ConfigurationSources.Load(read, _directory.FullName, arguments), configuration, Read, TimeProvider.System, _log);
    }

    private Action Read(SettingsReader reader, IConfiguration configuration)
    {
        var limits = GatewaySettings.Read(reader, configuration).Gateway.Limits;
        return () =>
        {
            _applied.Add(limits);
            _changed.TrySetResult();
        };
    }

    [Fact]
    public void Limits_are_in_force_at_once()
    {
        using var reload = Start("""{ "Limits": { "MaxConnections": 5, "MaxTopicLevels": 7 } }""");
        Write("""{ "Limits": { "MaxConnections": 6, "WhenOverRate": "Refuse" } }""");
        reload.Reload();
        Assert.Equal(new GatewayLimits { MaxConnections = 6, Rates = new RateLimits { WhenOverRate = OverRatePolicy.Refuse } }, Assert.Single(_applied));
        Assert.Equal("Information: The configuration has changed. In force from now on: Limits:MaxConnections, Limits:MaxTopicLevels, Limits:WhenOverRate.", Assert.Single(_log.All));
    }

    [Theory]
    [InlineData("""{ "Limits": { "MaxConnections": "many" } }""", "Limits:MaxConnections is \"many\"; allowed is a whole number from 1 to 2147483647.")]
    [InlineData("""{ "Limits": { "MaxConnections": 6, "MaxConnexions": 6 } }""", "Limits:MaxConnexions is not a known key; the nearest one is Limits:MaxConnections.")]
    [InlineData("""{ "Limits": { "MaxConnections": 6 }, "Sys": { "IntervalSeconds": "x" } }""", "Sys:IntervalSeconds is \"x\"; allowed is a whole number from 0 to 86400.")]
    [InlineData("""{ "Limits": { "MaxConnections": 6 """, "appsettings.json cannot be read: ")]
    public void Where_anything_is_wrong_nothing_changes(string json, string problem)
    {
        using var reload = Start("""{ "Limits": { "MaxConnections": 5 } }""");
        Write(json);
        reload.Reload();
        Assert.Empty(_applied);
        Assert.StartsWith("Error: The configuration has changed, and nothing of it is in force: " + problem, Assert.Single(_log.All), StringComparison.Ordinal);
        // It is put right.
        Write("""{ "Limits": { "MaxConnections": 6 } }""");
        reload.Reload();
        Assert.Equal(6, Assert.Single(_applied).MaxConnections);
    }

    [Fact]
    public void What_a_start_alone_can_change_is_named_without_its_value()
    {
        using var reload = Start("""{ "Cluster": { "Redis": "a,password=s3cret" }, "Sys": { "IntervalSeconds": 5 } }""");
        Write("""{ "Cluster": { "Redis": "a,password=0ther" }, "Store": { "Strict": true } }""");
        reload.Reload();
        Assert.Empty(_applied);
        Assert.Equal("Warning: The configuration has changed. In force after the next start: Cluster:Redis, Store:Strict, Sys:IntervalSeconds.", Assert.Single(_log.All));
    }

    [Fact]
    public void What_the_command_line_says_goes_on_to_win()
    {
        using var reload = Start("{}", "--Limits:MaxConnections=5");
        Write("""{ "Limits": { "MaxConnections": 6 } }""");
        reload.Reload();
        Assert.Empty(_applied);
        Assert.Empty(_log.All);
    }

    [Fact]
    public async Task A_change_of_the_file_is_noticed()
    {
        using var reload = Start("""{ "Limits": { "MaxConnections": 5 } }""");
        await reload.StartAsync(TestContext.Current.CancellationToken);
        Write("""{ "Limits": { "MaxConnections": 6 } }""");
        await _changed.Task.WaitAsync(HangGuard, TestContext.Current.CancellationToken);
        Assert.Equal(6, Assert.Single(_applied).MaxConnections);
        await reload.StopAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Lines : ILogger<ConfigurationReload>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (All) All.Add($"{logLevel}: {formatter(state, exception)}");
        }
    }
}

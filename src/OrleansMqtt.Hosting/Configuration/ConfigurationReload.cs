using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>
/// Reads the configuration again when its file changes, and puts the `Limits` of it in force. Where anything in it is wrong nothing changes. What only a start can change is named in the log.
/// </summary>
/// <param name="directory">Folder of the file.</param>
/// <param name="load">Loads all sources as at start, and says what is wrong with one.</param>
/// <param name="started">What the process was started with.</param>
/// <param name="read">Reads all settings as at start; returns what puts those limits in force that it has read.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ConfigurationReload(
    string directory, Func<ConfigurationManager, string?> load, IConfiguration started, Func<SettingsReader, IConfiguration, Action> read, TimeProvider time, ILogger<ConfigurationReload> logger) : IHostedService, IDisposable
{
    /// <summary>How long the file must have rested: editors write it in pieces.</summary>
    internal static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    private const string LiveSection = "Limits:";
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string?> _started = ValuesOf(started);
    private Dictionary<string, string?> _current = ValuesOf(started);
    private PhysicalFileProvider? _files;
    private IDisposable? _watch;
    private ITimer? _timer;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => Reload(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            var files = _files = new PhysicalFileProvider(directory);
            _watch = ChangeToken.OnChange(() => files.Watch(ConfigurationSources.FileName), () => _timer.Change(Delay, Timeout.InfiniteTimeSpan));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system has no more watches to give: a broker that does not notice a change is better than none.
            LogNotWatched(logger, exception, ConfigurationSources.FileName);
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch?.Dispose();
        _timer?.Dispose();
        _files?.Dispose();
    }

    /// <summary>Reads the configuration again.</summary>
    internal void Reload()
    {
        lock (_lock)
        {
            using var configuration = new ConfigurationManager();
            var reader = new SettingsReader(configuration);
            if (load(configuration) is { } unreadable)
            {
                LogRefused(logger, unreadable);
                return;
            }
            var apply = read(reader, configuration);
            if (reader.Problem is { } problem)
            {
                LogRefused(logger, problem);
                return;
            }
            var values = ValuesOf(configuration);
            var limits = ChangedKeys(_current, values).Where(IsLive).ToList();
            var others = ChangedKeys(_started, values).Where(static key => !IsLive(key)).ToList();
            _current = values;
            if (limits.Count > 0)
            {
                apply();
                LogApplied(logger, string.Join(", ", limits));
            }
            if (others.Count > 0) LogRestart(logger, string.Join(", ", others));
        }
    }

    // Names alone: values may be secret.
    private static IEnumerable<string> ChangedKeys(Dictionary<string, string?> before, Dictionary<string, string?> after) =>
        before.Keys.Union(after.Keys, StringComparer.OrdinalIgnoreCase).Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key)).Order(StringComparer.OrdinalIgnoreCase);

    private static bool IsLive(string key) => key.StartsWith(LiveSection, StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string?> ValuesOf(IConfiguration configuration) =>
        configuration.AsEnumerable().Where(static pair => pair.Value is not null).ToDictionary(StringComparer.OrdinalIgnoreCase);

    [LoggerMessage(600, LogLevel.Information, "The configuration has changed. In force from now on: {Keys}.")]
    private static partial void LogApplied(ILogger logger, string keys);

    [LoggerMessage(601, LogLevel.Error, "The configuration has changed, and nothing of it is in force: {Problem}")]
    private static partial void LogRefused(ILogger logger, string problem);

    [LoggerMessage(602, LogLevel.Warning, "The configuration has changed. In force after the next start: {Keys}.")]
    private static partial void LogRestart(ILogger logger, string keys);

    [LoggerMessage(603, LogLevel.Warning, "Changes of {File} are not noticed: it cannot be watched.")]
    private static partial void LogNotWatched(ILogger logger, Exception exception, string file);
}

using System.Globalization;
using OrleansMqtt.Storage.Redis.Scripts;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>
/// One connection, which is not made again when it is lost: a new link takes its place. So whoever has a link knows that its
/// commands go the same way in their order.
/// </summary>
internal sealed class RedisLink : IDisposable
{
    private readonly ConnectionMultiplexer _multiplexer;

    private RedisLink(ConnectionMultiplexer multiplexer)
    {
        _multiplexer = multiplexer;
        // Else each answer waits for what was done with the one before.
        multiplexer.PreserveAsyncOrder = false;
        Database = multiplexer.GetDatabase();
    }

    public IDatabase Database { get; }

    /// <summary>The server's number for this connection.</summary>
    public long Id { get; private set; }

    /// <summary>What the server says of itself: the lines of INFO, by name.</summary>
    public IReadOnlyDictionary<string, string> Info { get; private set; } = new Dictionary<string, string>();

    /// <summary>Whether the server's answer to a write leaves its sync to be waited for, with WAITAOF (Redis 7.2).</summary>
    public bool NeedsWaitAof { get; set; }

    /// <summary>Connects; <see cref="PrepareAsync"/> comes next.</summary>
    /// <param name="configuration">Where to connect to.</param>
    /// <exception cref="RedisException">It cannot be connected.</exception>
    public static async Task<RedisLink> OpenAsync(ConfigurationOptions configuration) => new(await ConnectionMultiplexer.ConnectAsync(configuration));

    /// <summary>Loads the scripts and asks the server about itself.</summary>
    /// <param name="failed">Is called when the connection is lost later on.</param>
    /// <exception cref="RedisException">The server refuses the commands.</exception>
    public async Task PrepareAsync(Action<RedisLink> failed)
    {
        _multiplexer.ConnectionFailed += (_, _) => failed(this);
        Id = (long)await Database.ExecuteAsync("CLIENT", "ID");
        Info = ParseInfo((string)await Database.ExecuteAsync("INFO"));
        await LoadScriptsAsync();
    }

    /// <summary>Loads all scripts. Redis forgets them when it starts again, and when somebody says SCRIPT FLUSH.</summary>
    public Task LoadScriptsAsync() => Task.WhenAll(RedisScript.All.Select(script => Database.ExecuteAsync("SCRIPT", "LOAD", script.Text)));

    /// <summary>
    /// Ends an earlier connection of ours. What it still had on the way is then not carried out any more, so that nothing of it can
    /// come after what is written on this one. The number may by now be that of a connection to a server started anew: that one connects again.
    /// </summary>
    public Task EndAsync(long earlier) => Database.ExecuteAsync("CLIENT", "KILL", "ID", earlier.ToString(CultureInfo.InvariantCulture), "SKIPME", "yes");

    public void Dispose() => _multiplexer.Dispose();

    private static Dictionary<string, string> ParseInfo(string info)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in info.Split('\n', StringSplitOptions.TrimEntries))
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && line[0] != '#') values[line[..colon]] = line[(colon + 1)..];
        return values;
    }
}

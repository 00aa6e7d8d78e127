using System.Globalization;
using System.Net.Sockets;
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
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RedisLink(ConnectionMultiplexer multiplexer)
    {
        _multiplexer = multiplexer;
        // Else each answer waits for what was done with the one before.
#pragma warning disable CS0618 // Newer versions never wait, and ignore this.
        multiplexer.PreserveAsyncOrder = false;
#pragma warning restore CS0618
        Database = multiplexer.GetDatabase();
        multiplexer.ConnectionFailed += (_, _) => _lost.TrySetResult();
    }

    public IDatabase Database { get; }

    /// <summary>Completed when the connection is lost.</summary>
    public Task Lost => _lost.Task;

    /// <summary>The server's number for this connection.</summary>
    public long Id { get; private set; }

    /// <summary>What the server says of itself: the lines of INFO, by name.</summary>
    public IReadOnlyDictionary<string, string> Info { get; private set; } = new Dictionary<string, string>();

    /// <summary>Whether the server's answer to a write leaves its sync to be waited for, with WAITAOF (Redis 7.2).</summary>
    public bool NeedsWaitAof { get; set; }

    /// <summary>Connects; <see cref="PrepareAsync"/> comes next.</summary>
    /// <param name="configuration">Where to connect to.</param>
    /// <exception cref="SocketException">Nobody is there.</exception>
    /// <exception cref="TimeoutException">Nobody has answered.</exception>
    /// <exception cref="RedisException">Redis refuses the connection.</exception>
    public static async Task<RedisLink> OpenAsync(ConfigurationOptions configuration)
    {
        await KnockAsync(configuration);
        return new RedisLink(await ConnectionMultiplexer.ConnectAsync(configuration));
    }

    // The client now and then takes its whole time-out to notice that a connection was refused, which would delay the next attempt.
    private static async Task KnockAsync(ConfigurationOptions configuration)
    {
        SocketException? refused = null;
        using var timeout = new CancellationTokenSource(configuration.ConnectTimeout);
        foreach (var address in configuration.EndPoints)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address, timeout.Token);
                return;
            }
            catch (SocketException exception)
            {
                refused = exception;
            }
            catch (OperationCanceledException exception)
            {
                throw new TimeoutException($"No connection within {configuration.ConnectTimeout} ms.", exception);
            }
        }
        throw refused!;
    }

    /// <summary>Loads the scripts and asks the server about itself.</summary>
    /// <param name="failed">Is called when the connection is lost later on.</param>
    /// <exception cref="RedisException">The server refuses the commands.</exception>
    public async Task PrepareAsync(Action<RedisLink> failed)
    {
        _multiplexer.ConnectionFailed += (_, _) => failed(this);
        Id = (long)await Database.ExecuteAsync("CLIENT", "ID");
        Info = ParseInfo(((string)await Database.ExecuteAsync("INFO"))!);
        await LoadScriptsAsync();
    }

    /// <summary>Loads all scripts. Redis forgets them when it starts again, and when somebody says SCRIPT FLUSH.</summary>
    public Task LoadScriptsAsync() => Task.WhenAll(RedisScript.All.Select(script => Database.ExecuteAsync("SCRIPT", "LOAD", script.Text)));

    /// <summary>
    /// Ends an earlier connection of ours. What it still had on the way is then not carried out any more, so that nothing of it can
    /// come after what is written on this one. The number may by now be that of a connection to a server started anew: that one connects again.
    /// </summary>
    public Task EndAsync(long earlier) => Database.ExecuteAsync("CLIENT", "KILL", "ID", earlier.ToString(CultureInfo.InvariantCulture), "SKIPME", "yes");

    public void Dispose()
    {
        // Without waiting for commands that nobody waits for any longer.
        _multiplexer.Close(allowCommandsToComplete: false);
        _multiplexer.Dispose();
    }

    private static Dictionary<string, string> ParseInfo(string info)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in info.Split('\n', StringSplitOptions.TrimEntries))
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && line[0] != '#') values[line[..colon]] = line[(colon + 1)..];
        return values;
    }
}

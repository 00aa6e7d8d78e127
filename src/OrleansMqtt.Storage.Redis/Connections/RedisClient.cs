using Microsoft.Extensions.Logging;
using OrleansMqtt.Storage.Redis.Keys;
using OrleansMqtt.Storage.Redis.Scripts;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>Reads and writes of all ports over one connection, bounded in time and number.</summary>
internal sealed class RedisClient : IDisposable
{
    // Several pipelines keep Redis busy while the answers of one are handed out. What concerns one key goes through one of them.
    // One where a barrier is waited for: the connection stands still meanwhile.
    private const int Lanes = 4;
    private readonly RedisStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly RedisConnector _connector;
    private readonly RedisPipeline[] _pipelines;
    private readonly RedisStatus _status;
    private int _waiting;

    /// <summary>Connects with <see cref="StartAsync"/>, or with the first read or write.</summary>
    /// <exception cref="StoreUnusableException">The connection string is not one.</exception>
    public RedisClient(RedisStoreOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time) = (options, time);
        var configuration = RedisConfiguration.Parse(options);
        _status = new RedisStatus(configuration, options.Durability);
        Keys = new RedisKeys(options.ClusterId, options.ServiceId ?? options.ClusterId);
        _connector = new RedisConnector(options, configuration, Keys, _status, time, logger);
        _pipelines = new RedisPipeline[options.Durability.Level == DurabilityLevel.Replica ? 1 : Lanes];
        for (var i = 0; i < _pipelines.Length; i++) _pipelines[i] = new RedisPipeline(_connector, options, _status, time);
    }

    public RedisKeys Keys { get; }

    public IStoreStatus Status => _status;

    /// <summary>Batches of writes sent so far.</summary>
    public long Batches => _pipelines.Sum(static pipeline => pipeline.Batches);

    /// <summary>Writes that are kept to be sent.</summary>
    public int Waiting => _pipelines.Sum(static pipeline => pipeline.Waiting);

    /// <inheritdoc cref="RedisConnector.StartAsync"/>
    public Task StartAsync(CancellationToken cancellationToken) => _connector.StartAsync(cancellationToken);

    /// <summary>Runs a script that writes. Those with the same first key keep their order.</summary>
    /// <param name="script">The script; repeating it must change nothing.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="size">Bytes that the arguments have, about, where they may be large.</param>
    /// <exception cref="StoreUnavailableException">Redis did not answer in time, or too many writes wait.</exception>
    /// <exception cref="StoreFullException">Redis has no space left.</exception>
    public async Task<RedisAnswer> WriteAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, int size = 0)
    {
        if (Interlocked.Increment(ref _waiting) > _options.MaximumWaitingWrites)
        {
            Interlocked.Decrement(ref _waiting);
            throw new StoreUnavailableException($"{_options.MaximumWaitingWrites} writes wait for {_status.Description} already. {_status.Problem}");
        }
        var write = new RedisWrite(script, keys, arguments, size);
        _pipelines[(uint)keys[0].GetHashCode() % (uint)_pipelines.Length].Add(write);
        try
        {
            var result = await write.Task.WaitAsync(_options.MaximumWait, _time);
            return new RedisAnswer((RedisResult[])result!, write.Repeated);
        }
        catch (TimeoutException)
        {
            var exception = Unanswered();
            write.TrySetException(exception);
            throw exception;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Runs a command that only reads; again where the connection is lost.</summary>
    /// <exception cref="StoreUnavailableException">Redis did not answer in time.</exception>
    public async Task<RedisResult> ReadAsync(Func<IDatabase, Task<RedisResult>> read)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var link = await GetLinkAsync(started);
            try
            {
                return await read(link.Database).WaitAsync(_options.AnswerTimeout, _time);
            }
            catch (Exception exception) when (RedisFailures.Classify(exception) is not RedisFailure.Final and var failure)
            {
                await _connector.RecoverAsync(link, failure, exception.Message);
            }
        }
    }

    /// <summary>Runs a script that only reads.</summary>
    /// <inheritdoc cref="ReadAsync(Func{IDatabase, Task{RedisResult}})"/>
    public async Task<RedisResult[]> ReadAsync(RedisScript script, RedisKey[] keys, params RedisValue[] arguments) =>
        ((RedisResult[])await ReadAsync(database => database.ScriptEvaluateAsync(script.Hash, keys, arguments)))!;

    public void Dispose() => _connector.Dispose();

    private async Task<RedisLink> GetLinkAsync(long started)
    {
        var left = _options.MaximumWait - _time.GetElapsedTime(started);
        try
        {
            if (left > TimeSpan.Zero) return await _connector.GetAsync().WaitAsync(left, _time);
        }
        catch (TimeoutException)
        {
            // As below.
        }
        catch (OperationCanceledException exception)
        {
            throw new StoreUnavailableException("The store is closed.", exception);
        }
        throw Unanswered();
    }

    private StoreUnavailableException Unanswered() => new($"{_status.Description} did not answer within {_options.MaximumWait.TotalSeconds} s. {_status.Problem}".TrimEnd());
}

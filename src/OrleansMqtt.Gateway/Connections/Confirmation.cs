namespace OrleansMqtt.Gateway.Connections;

/// <summary>
/// Makes known to their sessions' grains all connections of which nothing is stored, in passes: one at a time, so many silos as may ask for one. Thread-safe.
/// </summary>
internal sealed class Confirmation(GatewayContext context)
{
    // Connected clients are not to suffer from it.
    private const int AtOnce = 64;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.1);
    private readonly Lock _lock = new();
    private long _wanted;
    private long _begun;
    private long _done;
    private bool _isRunning;

    /// <summary>With 0 has a pass made that begins from now on, and returns its number; with a number returns 0 when that pass is over, otherwise the number.</summary>
    public long Advance(long pass)
    {
        lock (_lock)
        {
            if (pass == 0) pass = _wanted = _begun + 1;
            else if (pass <= _done) return 0;
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(RunAsync);
            }
            return pass;
        }
    }

    private async Task RunAsync()
    {
        while (TryBegin())
        {
            await WaitForHandshakesAsync();
            await Parallel.ForEachAsync(
                context.Connections.Connected.Where(static connection => connection.IsUnstored), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                static async (connection, _) => await connection.ConfirmAsync());
            lock (_lock) _done = _begun;
        }
    }

    private bool TryBegin()
    {
        lock (_lock)
        {
            _isRunning = _begun < _wanted;
            if (_isRunning) _begun++;
            return _isRunning;
        }
    }

    // Their sessions may have answered already, by an activation that is no more.
    private async Task WaitForHandshakesAsync()
    {
        var pending = context.Connections.InHandshake;
        while (context.MayServe && pending.Count > 0)
        {
            await Task.Delay(Pause, context.Time);
            pending = [.. context.Connections.InHandshake.Intersect(pending)];
        }
    }
}

using OrleansMqtt.Gateway.Connections;

namespace OrleansMqtt.Gateway.Authorization;

/// <summary>Has the subscriptions of all connected clients decided again when authorizers say that their decisions may be others: in passes over the connections, a few at a time.</summary>
internal sealed class Revocation(GatewayContext context) : IDisposable
{
    // Connected clients are not to suffer from it.
    private const int AtOnce = 16;
    private readonly Lock _lock = new();
    private bool _isWanted, _isRunning;

    /// <summary>Begins to listen.</summary>
    public void Start()
    {
        if (context.Authorization is { } chain) chain.Changed += OnChanged;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (context.Authorization is not { } chain) return;
        chain.Changed -= OnChanged;
        chain.Dispose();
    }

    private void OnChanged()
    {
        lock (_lock)
        {
            // One that runs has passed some clients already.
            _isWanted = true;
            if (_isRunning) return;
            _isRunning = true;
        }
        _ = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        while (TryBegin())
            await Parallel.ForEachAsync(context.Connections.Connected, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, static async (connection, _) => await connection.ReviewAsync());
    }

    private bool TryBegin()
    {
        lock (_lock)
        {
            _isRunning = _isWanted;
            _isWanted = false;
            return _isRunning;
        }
    }
}

using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Gateway.Transports.Layers;

namespace OrleansMqtt.Gateway.Faults;

/// <summary>A connection that holds a lock until it is disposed of.</summary>
internal sealed class LockingConnection : WrappedConnection
{
    private readonly ReadLock _lock;
    private int _isDisposed;

    /// <summary>Takes the lock.</summary>
    public LockingConnection(ConnectionContext below, ReadLock readLock) : base(below)
    {
        _lock = readLock;
        _lock.Enter();
    }

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => Below.Transport;
        set => Below.Transport = value;
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => Below.Abort(abortReason);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        try
        {
            await Below.DisposeAsync();
            await base.DisposeAsync();
        }
        finally
        {
            await Task.Run(_lock.Leave);
        }
    }
}

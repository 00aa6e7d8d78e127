using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>Accepts connections of a <see cref="MemoryNetwork"/>.</summary>
internal sealed class MemoryListener(EndPoint endPoint, MemoryNetwork network) : IConnectionListener
{
    private readonly Channel<ConnectionContext> _offered =
        Channel.CreateUnbounded<ConnectionContext>(new UnboundedChannelOptions { AllowSynchronousContinuations = true });

    public EndPoint EndPoint => endPoint;

    public bool TryOffer(ConnectionContext connection) => _offered.Writer.TryWrite(connection);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _offered.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && _offered.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        network.Forget(this);
        _offered.Writer.TryComplete();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync().ConfigureAwait(false);
        while (_offered.Reader.TryRead(out var connection))
        {
            connection.Abort(new ConnectionAbortedException("nobody listens any more"));
        }
    }
}

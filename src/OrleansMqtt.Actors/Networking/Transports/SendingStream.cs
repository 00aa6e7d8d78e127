using System.Net.Sockets;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>Writes to a socket that does not block: on the writer's thread what the socket takes, the rest when it takes more.</summary>
internal sealed class SendingStream(Socket socket) : UnseekableStream
{
    public override bool CanRead => false;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var sent = socket.Send(buffer.Span, SocketFlags.None, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            return ValueTask.FromException(new SocketException((int)error));
        }

        return sent == buffer.Length ? default : WriteRestAsync(buffer[(error == SocketError.Success ? sent : 0)..], cancellationToken);
    }

    private async ValueTask WriteRestAsync(ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        while (rest.Length > 0)
        {
            rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
    }
}

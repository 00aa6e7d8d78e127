using System.Buffers;
using System.IO.Pipelines;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>A duplex pipe as the stream that TLS asks for.</summary>
internal sealed class DuplexPipeStream(IDuplexPipe pipe) : UnseekableStream
{
    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await pipe.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (result.IsCanceled)
        {
            throw new IOException("The connection was aborted.");
        }

        var taken = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length));
        taken.CopyTo(buffer.Span);
        pipe.Input.AdvanceTo(taken.End);
        return (int)taken.Length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if ((await pipe.Output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false)).IsCompleted)
        {
            throw new IOException("The connection was closed by the peer.");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}

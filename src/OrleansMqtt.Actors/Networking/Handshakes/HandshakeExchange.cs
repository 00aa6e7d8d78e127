using System.IO.Pipelines;

namespace OrleansMqtt.Actors.Networking.Handshakes;

/// <summary>Handshake messages over a connection.</summary>
internal static class HandshakeExchange
{
    /// <summary>Says hello and reads the reply.</summary>
    /// <exception cref="InvalidDataException">What answers does not speak this protocol.</exception>
    public static async Task<Reply> IntroduceAsync(IDuplexPipe pipe, Hello hello, CancellationToken cancellation)
    {
        await pipe.Output.WriteAsync(hello.ToBytes(), cancellation).ConfigureAwait(false);
        var rest = await ReadAsync(pipe.Input, cancellation).ConfigureAwait(false);
        return Reply.Parse(rest) ?? throw new InvalidDataException("its reply is malformed");
    }

    /// <summary>Reads one message, without its prefix, and nothing of what follows it.</summary>
    /// <exception cref="InvalidDataException">It is none, or too long.</exception>
    /// <exception cref="EndOfStreamException">The connection ended before.</exception>
    public static async Task<byte[]> ReadAsync(PipeReader input, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellation).ConfigureAwait(false);
            var buffer = result.Buffer;
            var there = HandshakeFormat.TryTake(ref buffer, out var rest, out var error);
            input.AdvanceTo(buffer.Start, there ? buffer.Start : buffer.End);
            if (there)
            {
                return rest;
            }

            if (error is not null)
            {
                throw new InvalidDataException(error);
            }

            if (result.IsCompleted)
            {
                throw new EndOfStreamException("it closed the connection during the handshake");
            }
        }
    }
}

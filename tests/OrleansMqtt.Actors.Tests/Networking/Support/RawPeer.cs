using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Tests.Networking.Support;

/// <summary>The far end of a connection, byte by byte in the test's hand.</summary>
internal sealed class RawPeer(ConnectionContext connection)
{
    public ConnectionContext Connection => connection;

    public static byte[] Bytes(FrameKind kind, long correlation, ReadOnlySpan<byte> body)
    {
        var bytes = new byte[FrameFormat.HeaderLength + body.Length];
        FrameFormat.WriteHeader(bytes, body.Length, kind, correlation);
        body.CopyTo(bytes.AsSpan(FrameFormat.HeaderLength));
        return bytes;
    }

    public ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> bytes) =>
        connection.Transport.Output.WriteAsync(bytes, TestContext.Current.CancellationToken);

    public ValueTask<FlushResult> WriteAsync(FrameKind kind, long correlation = 0, int length = 0) => WriteAsync(Bytes(kind, correlation, new byte[length]));

    public async Task<Frame> ReadAsync()
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync(TestContext.Current.CancellationToken);
            var buffer = result.Buffer;
            var there = FrameFormat.TryRead(ref buffer, int.MaxValue, out var frame, out var error);
            input.AdvanceTo(buffer.Start, there ? buffer.Start : buffer.End);
            Assert.Null(error);
            if (there)
            {
                return frame;
            }

            Assert.False(result.IsCompleted, "The connection ended instead of a frame.");
        }
    }

    /// <summary>Reads to the end.</summary>
    /// <returns>What came, if the end was a peaceful one.</returns>
    public async Task<byte[]> ReadToEndAsync()
    {
        var all = new ArrayBufferWriter<byte>();
        while (true)
        {
            var result = await connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);
            foreach (var segment in result.Buffer)
            {
                all.Write(segment.Span);
            }

            connection.Transport.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return all.WrittenSpan.ToArray();
            }
        }
    }
}

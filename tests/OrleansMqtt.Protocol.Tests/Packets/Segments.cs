using System.Buffers;

namespace OrleansMqtt.Protocol.Tests.Packets;

/// <summary>Bytes as they may come from a socket: in pieces.</summary>
internal sealed class Segments : ReadOnlySequenceSegment<byte>
{
    private Segments(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    /// <summary>Cuts the bytes at each of the positions; positions may repeat, which gives empty pieces.</summary>
    internal static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes, params ReadOnlySpan<int> positions)
    {
        var start = positions.Length == 0 ? bytes.Length : positions[0];
        var first = new Segments(bytes[..start], 0);
        var last = first;
        for (var i = 0; i < positions.Length; i++)
        {
            var end = i + 1 < positions.Length ? positions[i + 1] : bytes.Length;
            var next = new Segments(bytes[positions[i]..end], positions[i]);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}

using System.Buffers;

namespace OrleansMqtt.Actors.Networking.Frames;

/// <summary>A piece of an <see cref="OutgoingBuffer"/>.</summary>
internal sealed class OutgoingBlock(byte[] array)
{
    public byte[] Array => array;

    public int Length { get; set; }

    public int Free => array.Length - Length;

    public OutgoingBlock? Next { get; set; }

    /// <summary>Copies a chain of blocks, and gives their memory back.</summary>
    public static void CopyAndRelease(OutgoingBlock first, IBufferWriter<byte> output)
    {
        for (var block = first; block is not null; block = block.Next)
        {
            output.Write(block.Array.AsSpan(0, block.Length));
        }

        Release(first);
    }

    /// <summary>Gives the memory of a chain of blocks back.</summary>
    public static void Release(OutgoingBlock? first)
    {
        for (var block = first; block is not null; block = block.Next)
        {
            ArrayPool<byte>.Shared.Return(block.Array);
        }
    }
}

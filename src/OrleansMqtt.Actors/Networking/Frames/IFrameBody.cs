using System.Buffers;

namespace OrleansMqtt.Actors.Networking.Frames;

/// <summary>Something that can write itself as a frame's body. A struct costs no allocation.</summary>
internal interface IFrameBody
{
    /// <summary>Writes the body. It runs under the connection's lock: it must not wait, and not send on the same connection. If it throws,
    /// nothing of the frame is sent and Send throws the same.</summary>
    void Write(IBufferWriter<byte> output);
}

/// <summary>A body that is there already.</summary>
internal readonly struct BytesBody(ReadOnlyMemory<byte> bytes) : IFrameBody
{
    public void Write(IBufferWriter<byte> output) => output.Write(bytes.Span);
}

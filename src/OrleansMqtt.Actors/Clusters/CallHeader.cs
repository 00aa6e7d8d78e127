using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Orleans.Runtime;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>What stands before the arguments of a call: whose method is called. Texts are UTF-8 behind their length in two bytes.</summary>
/// <param name="Target">The grain or observer.</param>
/// <param name="Interface">Full name of the interface that declares the method.</param>
/// <param name="Method"><see cref="MethodShape.Id"/>.</param>
/// <param name="ViewVersion">The membership view by which the caller chose this process; -1 for an observer, whose home is fixed.</param>
internal readonly record struct CallHeader(GrainId Target, string Interface, string Method, long ViewVersion)
{
    private const int FixedLength = sizeof(long) + (4 * sizeof(ushort));

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static CallHeader Of(GrainId target, MethodShape shape, long viewVersion) =>
        new(target, shape.InterfaceName, shape.Id, viewVersion);

    /// <exception cref="ArgumentException">A text is longer than 65,535 bytes, or no valid UTF-16.</exception>
    public void Write(IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), ViewVersion);
        output.Advance(sizeof(long));
        Write(output, Target.Type.ToString());
        Write(output, Target.Key.ToString());
        Write(output, Interface);
        Write(output, Method);
    }

    /// <summary>Reads a header.</summary>
    /// <param name="body">The body of a call's frame; what is left of it are the arguments.</param>
    /// <exception cref="WireFormatException">The bytes are no header.</exception>
    public static CallHeader Read(ref ReadOnlyMemory<byte> body)
    {
        if (body.Length < FixedLength)
        {
            throw new WireFormatException("A call is shorter than its header.");
        }

        var version = BinaryPrimitives.ReadInt64LittleEndian(body.Span);
        body = body[sizeof(long)..];
        var (type, key) = (ReadText(ref body), ReadText(ref body));
        var (name, method) = (ReadText(ref body), ReadText(ref body));
        return type.Length == 0 || key.Length == 0
            ? throw new WireFormatException("A call names no grain.")
            : new CallHeader(GrainId.Create(type, key), name, method, version);
    }

    private static void Write(IBufferWriter<byte> output, string text)
    {
        var length = Utf8.GetByteCount(text);
        if (length > ushort.MaxValue)
        {
            throw new ArgumentException($"A name or key of {length} bytes is too long for a call to another process.", nameof(text));
        }

        var span = output.GetSpan(sizeof(ushort) + length);
        BinaryPrimitives.WriteUInt16LittleEndian(span, (ushort)length);
        Utf8.GetBytes(text, span[sizeof(ushort)..]);
        output.Advance(sizeof(ushort) + length);
    }

    private static string ReadText(ref ReadOnlyMemory<byte> body)
    {
        if (body.Length < sizeof(ushort))
        {
            throw new WireFormatException("A call ends inside its header.");
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(body.Span);
        if (body.Length - sizeof(ushort) < length)
        {
            throw new WireFormatException("A call ends inside its header.");
        }

        var bytes = body.Slice(sizeof(ushort), length);
        body = body[(sizeof(ushort) + length)..];
        try
        {
            return Utf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException exception)
        {
            throw new WireFormatException("A name in a call is no valid UTF-8.", exception);
        }
    }
}

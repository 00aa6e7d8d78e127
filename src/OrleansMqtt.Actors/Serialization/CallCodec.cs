using System.Buffers;
using OrleansMqtt.Actors.Calls;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>
/// Turns the arguments and the result of one method's calls into bytes and back. Arguments are fields by their position, so that a method
/// with an <see cref="Orleans.AliasAttribute"/> may get further ones: who does not know them passes over them, and where they are missing they are
/// <c>default</c>. A <see cref="CancellationToken"/> is not sent and is <c>default</c> on arrival.
/// </summary>
internal abstract class CallCodec(Codec result)
{
    /// <summary>Writes the arguments. When it throws, a part may have been written.</summary>
    /// <exception cref="InvalidOperationException">An argument cannot be sent: it leads back to itself, or is of a type that nobody knows.</exception>
    public abstract void WriteArguments(IBufferWriter<byte> output, MethodCall call);

    /// <summary>Sets the arguments. What they hold as <see cref="ReadOnlyMemory{T}"/> of bytes is a part of <paramref name="input"/>.</summary>
    /// <exception cref="WireFormatException">The bytes are no arguments of this method.</exception>
    public abstract void ReadArguments(ReadOnlyMemory<byte> input, MethodCall call);

    /// <typeparam name="T">The result's type; <see cref="VoidResult"/> where there is none.</typeparam>
    /// <inheritdoc cref="WriteArguments"/>
    public void WriteResult<T>(IBufferWriter<byte> output, T value) => WireCodecs.Write((Codec<T>)result, output, value);

    /// <typeparam name="T">The result's type; <see cref="VoidResult"/> where there is none.</typeparam>
    /// <inheritdoc cref="WireCodecs.Read{T}(ReadOnlyMemory{byte})"/>
    public T ReadResult<T>(ReadOnlyMemory<byte> input) => WireCodecs.Read((Codec<T>)result, input);
}

/// <inheritdoc/>
/// <typeparam name="TCall">The emitted class of the method's calls; any, where there are no arguments.</typeparam>
internal sealed class CallCodec<TCall>(FieldsWriter<TCall> write, FieldsReader<TCall> read, Codec result) : CallCodec(result)
    where TCall : MethodCall
{
    public override void WriteArguments(IBufferWriter<byte> output, MethodCall call)
    {
        var writer = new WireWriter(output);
        var arguments = (TCall)call;
        writer.BeginObject(0);
        write(ref writer, ref arguments);
        writer.EndObject();
        writer.Commit();
    }

    public override void ReadArguments(ReadOnlyMemory<byte> input, MethodCall call)
    {
        var reader = new WireReader(input);
        var arguments = (TCall)call;
        reader.BeginObject(reader.Value());
        read(ref reader, ref arguments);
        reader.Leave();
        reader.End();
    }
}

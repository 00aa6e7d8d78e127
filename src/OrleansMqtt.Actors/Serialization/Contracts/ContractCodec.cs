using System.Reflection;
using System.Runtime.CompilerServices;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>
/// The codec of values of just this type, by its members. A value that is read is made with the constructor without parameters, if there is
/// one, so that what its sender's version does not know has the value that the class gives it; otherwise without any.
/// </summary>
internal sealed class ContractCodec<T> : Codec<T>, IContractCodec
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private FieldsWriter<T>? _write;
    private FieldsReader<T>? _read;
    private Func<T>? _create;

    public void Compile(CodecCompiler compiler)
    {
        var members = WireMembers.Of(typeof(T));
        var codecs = Array.ConvertAll(members, member => compiler.OfPart(member.Type, $"whose member {member.Name} is"));
        var constructor = typeof(T).GetConstructor(Instance, Type.EmptyTypes);
        _create = constructor is null ? null : FieldsEmitter.Constructor<T>(constructor);
        _write = FieldsEmitter.Writer<T>(members, codecs);
        var read = FieldsEmitter.Reader<T>(members, codecs);
        _read = Array.Exists(members, member => member.Property is not null) ? Guarded(read) : read;
    }

    public override void Write(ref WireWriter writer, uint skipped, T value)
    {
        if (value is null)
        {
            writer.Null(skipped);
            return;
        }

        writer.BeginObject(skipped);
        _write!(ref writer, ref value);
        writer.EndObject();
    }

    public override T Read(ref WireReader reader, WireType wire)
    {
        if (wire == WireType.Null && default(T) is null)
        {
            return default!;
        }

        reader.BeginObject(wire);
        return ReadMembers(ref reader);
    }

    void IContractCodec.WriteBody(ref WireWriter writer, object value)
    {
        var members = (T)value;
        _write!(ref writer, ref members);
        writer.EndObject();
    }

    object IContractCodec.ReadBody(ref WireReader reader) => ReadMembers(ref reader)!;

    void IContractCodec.ReadInto(ref WireReader reader, object value)
    {
        var members = (T)value;
        _read!(ref reader, ref members);
        reader.Leave();
    }

    private T ReadMembers(ref WireReader reader)
    {
        var value = _create is not null ? _create() : typeof(T).IsValueType ? default! : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        _read!(ref reader, ref value);
        reader.Leave();
        return value;
    }

    /// <summary>Setters that check what they get may refuse it.</summary>
    private static FieldsReader<T> Guarded(FieldsReader<T> read) => (ref reader, ref value) =>
    {
        try
        {
            read(ref reader, ref value);
        }
        catch (Exception exception) when (exception is not (WireFormatException or OutOfMemoryException))
        {
            throw new WireFormatException($"{TypeNames.Of(typeof(T))} refuses what was read.", exception);
        }
    };
}

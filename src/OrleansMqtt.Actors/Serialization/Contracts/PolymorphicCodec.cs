using System.Collections.Frozen;
using System.Text;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>A type, the name that stands for it on the wire, and the codec of its values.</summary>
internal readonly record struct NamedContract(string Name, Type Type, IContractCodec Codec);

/// <inheritdoc cref="PolymorphicCodec{T}"/>
internal interface IPolymorphicCodec
{
    /// <summary>Tells it the derived types. Apart from the constructor, since they may have members of this type.</summary>
    void Learn(IEnumerable<NamedContract> derived);
}

/// <summary>
/// The codec of an interface or a class that has derived ones: a value of a derived type is preceded by its name. What may come is known
/// beforehand; a name never loads a type.
/// </summary>
internal sealed class PolymorphicCodec<T>(ContractCodec<T>? exact) : Codec<T?>, IPolymorphicCodec
    where T : class
{
    private FrozenDictionary<Type, (byte[] Name, IContractCodec Codec)> _byType = FrozenDictionary<Type, (byte[], IContractCodec)>.Empty;
    private FrozenDictionary<string, IContractCodec> _byName = FrozenDictionary<string, IContractCodec>.Empty;

    public void Learn(IEnumerable<NamedContract> derived)
    {
        var all = derived.ToArray();
        _byType = all.DistinctBy(one => one.Type).ToFrozenDictionary(one => one.Type, one => (Encoding.UTF8.GetBytes(one.Name), one.Codec));
        _byName = all.ToFrozenDictionary(one => one.Name, one => one.Codec, StringComparer.Ordinal);
    }

    public override void Write(ref WireWriter writer, uint skipped, T? value)
    {
        if (value is null)
        {
            writer.Null(skipped);
        }
        else if (value.GetType() == typeof(T))
        {
            exact!.Write(ref writer, skipped, value);
        }
        else if (_byType.TryGetValue(value.GetType(), out var derived))
        {
            writer.BeginNamedObject(skipped, derived.Name);
            derived.Codec.WriteBody(ref writer, value);
        }
        else
        {
            throw new InvalidOperationException(
                $"{TypeNames.Of(value.GetType())} cannot be sent as a {TypeNames.Of(typeof(T))}: it is not marked [GenerateSerializer], or generic.");
        }
    }

    public override T? Read(ref WireReader reader, WireType wire)
    {
        if (wire == WireType.NamedObject)
        {
            var name = reader.BeginNamedObject();
            return _byName.TryGetValue(name, out var derived)
                ? (T)derived.ReadBody(ref reader)
                : throw new WireFormatException($"\"{name}\" is no {TypeNames.Of(typeof(T))} that this process knows.");
        }

        if (wire != WireType.Null && exact is null)
        {
            WireFormatException.ThrowUnexpected(wire, WireType.NamedObject);
        }

        return wire == WireType.Null ? null : exact!.Read(ref reader, wire);
    }
}

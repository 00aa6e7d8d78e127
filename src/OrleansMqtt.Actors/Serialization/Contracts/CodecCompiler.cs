using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>Makes the codec of one type and of all that it consists of. What it made is published when all of it is complete.</summary>
internal sealed class CodecCompiler(IReadOnlyDictionary<Type, Codec> known, IWireReferences references, WireTypes types)
{
    // A generic type that holds a larger one of itself has no end.
    private const int MostNested = 64;

    private readonly Dictionary<Type, IContractCodec> _contracts = [];
    private int _nested;

    public Dictionary<Type, Codec> Made { get; } = [];

    /// <exception cref="UnsuitableTypeException">The type, or one that it consists of, cannot be sent.</exception>
    public Codec Of(Type type)
    {
        if (known.TryGetValue(type, out var codec) || Made.TryGetValue(type, out codec))
        {
            return codec;
        }

        if (++_nested > MostNested)
        {
            throw new UnsuitableTypeException("which holds types that hold others without end", isWhole: true);
        }

        codec = Create(type);
        Made[type] = codec;
        _nested--;
        return codec;
    }

    /// <summary>The codec of a part of a type.</summary>
    /// <param name="type">The part's type.</param>
    /// <param name="relation">How the sentence goes on from the whole's type to the part's: <c>whose member X is</c>.</param>
    public Codec OfPart(Type type, string relation)
    {
        try
        {
            return Of(type);
        }
        catch (UnsuitableTypeException exception) when (!exception.IsWhole)
        {
            throw new UnsuitableTypeException($"{relation} {TypeNames.Of(type)}, {exception.Reason}");
        }
    }

    private Codec Create(Type type)
    {
        if (PlainCodecs.Find(type) is { } plain)
        {
            return plain;
        }

        if (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
        {
            return Instance(typeof(ReferenceCodec<>), type, references, OfPart(typeof(WireReference), "whose references are"));
        }

        if (typeof(Exception).IsAssignableFrom(type))
        {
            return type == typeof(Exception) ? AnyException() : Instance(typeof(ExceptionCodec<>), type, Of(typeof(Exception)));
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Instance(typeof(NullableCodec<>), underlying, OfPart(underlying, "whose value is"));
        }

        if (CollectionCodecs.ElementOf(type) is { } element)
        {
            return CollectionCodecs.Create(type, OfPart(element, "whose element is"));
        }

        if (WireMembers.IsPositional(type) || (WireMembers.IsContract(type) && type.IsSealed))
        {
            return (Codec)Contract(type, codec => Made.Add(type, (Codec)codec));
        }

        return type.IsInterface || type.IsAbstract || WireMembers.IsContract(type)
            ? Polymorphic(type)
            : throw new UnsuitableTypeException("which is not marked [GenerateSerializer]");
    }

    /// <summary>The codec of values of just this type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="announce">Called before the members are looked at, which may be of the same type.</param>
    private IContractCodec Contract(Type type, Action<IContractCodec>? announce = null)
    {
        if (_contracts.TryGetValue(type, out var codec))
        {
            announce?.Invoke(codec);
            return codec;
        }

        codec = (IContractCodec)Instance(typeof(ContractCodec<>), type);
        _contracts.Add(type, codec);
        announce?.Invoke(codec);
        codec.Compile(this);
        return codec;
    }

    private Codec Polymorphic(Type type)
    {
        var derived = types.DerivedFrom(type).ToArray();
        if (!type.IsAbstract)
        {
            Contract(type, exact => Made.Add(type, Instance(typeof(PolymorphicCodec<>), type, exact)));
        }
        else if (derived.Length > 0)
        {
            Made.Add(type, Instance(typeof(PolymorphicCodec<>), type, [null]));
        }
        else
        {
            throw new UnsuitableTypeException("of which no type is known that is marked [GenerateSerializer]");
        }

        var codec = Made[type];
        ((IPolymorphicCodec)codec).Learn(
            derived.Select(one => new NamedContract(one.Name, one.Type, OfDerived(one.Type))));
        return codec;
    }

    private ExceptionCodec AnyException()
    {
        var codec = new ExceptionCodec(types.Exceptions);
        Made.Add(typeof(Exception), codec);
        codec.Learn(types.Exceptions.WithMembers.ToDictionary(type => type, OfDerived));
        return codec;
    }

    private IContractCodec OfDerived(Type type)
    {
        try
        {
            return Contract(type);
        }
        catch (UnsuitableTypeException exception) when (!exception.IsWhole)
        {
            throw new UnsuitableTypeException($"from which {TypeNames.Of(type)} is derived, {exception.Reason}");
        }
    }

    private static Codec Instance(Type open, Type argument, params object?[] arguments) =>
        (Codec)Activator.CreateInstance(open.MakeGenericType(argument), arguments)!;
}

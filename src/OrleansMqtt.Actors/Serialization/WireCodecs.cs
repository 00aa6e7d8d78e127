using System.Buffers;
using System.Collections.Concurrent;
using System.Reflection;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Proxies;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>
/// Turns values that cross processes into bytes and back. What is done for a type is compiled once, from its [GenerateSerializer] and [Id];
/// see <see cref="WireType"/> for the format. Members that the other side's version does not know are passed over, those that it lacks have
/// the value that a new object has. What is sent is a tree: an object that is in two places arrives as two.
/// </summary>
internal sealed class WireCodecs(IWireReferences references, WireTypes types)
{
    private readonly ConcurrentDictionary<Type, Codec> _codecs = new();
    private readonly ConcurrentDictionary<MethodShape, CallCodec> _calls = new();
    private readonly Lock _compiling = new();

    public WireCodecs(IWireReferences references)
        : this(references, WireTypes.OfProcess)
    {
    }

    /// <summary>Writes a value. When it throws, a part may have been written.</summary>
    /// <exception cref="OrleansConfigurationException">Values of this type cannot be sent.</exception>
    /// <exception cref="InvalidOperationException">The value leads back to itself, or holds one of a type that nobody knows.</exception>
    /// <exception cref="ArgumentException">A text is no valid UTF-16.</exception>
    public void Write<T>(IBufferWriter<byte> output, T value) => Write((Codec<T>)Of(typeof(T)), output, value);

    /// <summary>
    /// Reads a value that takes up the whole input. What it holds as <see cref="ReadOnlyMemory{T}"/> of bytes is a part of
    /// <paramref name="input"/>, which therefore nobody may change or use again as long as somebody holds the value.
    /// </summary>
    /// <exception cref="WireFormatException">The bytes are no such value.</exception>
    /// <exception cref="OrleansConfigurationException">Values of this type cannot be sent.</exception>
    public T Read<T>(ReadOnlyMemory<byte> input) => Read((Codec<T>)Of(typeof(T)), input);

    /// <summary>The codec of a method's calls.</summary>
    /// <exception cref="OrleansConfigurationException">Values of a parameter's or the result's type cannot be sent.</exception>
    public CallCodec CodecOf(MethodShape shape) => _calls.TryGetValue(shape, out var codec) ? codec : _calls.GetOrAdd(shape, CreateCall);

    /// <summary>Compiles what the methods of these interfaces need, and of those whose references they pass on.</summary>
    /// <exception cref="OrleansConfigurationException">With one sentence for each parameter or result that cannot be sent.</exception>
    public void Require(IEnumerable<Type> interfaces)
    {
        var sentences = new List<string>();
        var seen = new HashSet<Type>();
        var open = new Queue<Type>(interfaces);
        while (open.TryDequeue(out var type))
        {
            if (!type.ContainsGenericParameters && seen.Add(type))
            {
                sentences.AddRange(ProxyEmitter.MethodsOf(type).SelectMany(method => Examine(type, method)));
            }

            if (open.Count == 0)
            {
                _codecs.Keys.Where(met => typeof(IAddressable).IsAssignableFrom(met) && !seen.Contains(met)).ToList().ForEach(open.Enqueue);
            }
        }

        if (sentences.Count > 0)
        {
            throw new OrleansConfigurationException(string.Join(System.Environment.NewLine, sentences));
        }
    }

    internal static void Write<T>(Codec<T> codec, IBufferWriter<byte> output, T value)
    {
        var writer = new WireWriter(output);
        codec.Write(ref writer, 0, value);
        writer.Commit();
    }

    internal static T Read<T>(Codec<T> codec, ReadOnlyMemory<byte> input)
    {
        var reader = new WireReader(input);
        var value = codec.Read(ref reader, reader.Value());
        reader.End();
        return value;
    }

    private static Type ResultOf(MethodInfo method) =>
        method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : typeof(VoidResult);

    private IEnumerable<string> Examine(Type interfaceType, MethodInfo method)
    {
        var name = $"{TypeNames.Of(interfaceType)}.{method.Name}";
        foreach (var parameter in method.GetParameters())
        {
            if (Verdict(parameter.ParameterType) is { } reason)
            {
                yield return $"Parameter {parameter.Name} of {name} is {TypeNames.Of(parameter.ParameterType)}, {reason}.";
            }
        }

        if (Verdict(ResultOf(method)) is { } verdict)
        {
            yield return $"{name} returns {TypeNames.Of(ResultOf(method))}, {verdict}.";
        }
    }

    private string? Verdict(Type type)
    {
        try
        {
            Compile(type);
            return null;
        }
        catch (UnsuitableTypeException exception)
        {
            return exception.Reason;
        }
    }

    private CallCodec CreateCall(MethodShape shape)
    {
        var arguments = Array.ConvertAll(shape.Arguments, field => Of(field.FieldType));
        var members = shape.Arguments.Select((field, i) => new WireMember(0, (uint)i, field.Name, field, null)).ToArray();
        var create = typeof(WireCodecs).GetMethod(nameof(CreateCallOf), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(shape.Arguments.Length > 0 ? shape.Arguments[0].DeclaringType! : typeof(MethodCall));
        return (CallCodec)create.Invoke(null, [members, arguments, Of(ResultOf(shape.Method))])!;
    }

    private static CallCodec<TCall> CreateCallOf<TCall>(WireMember[] members, Codec[] arguments, Codec result)
        where TCall : MethodCall =>
        new(FieldsEmitter.Writer<TCall>(members, arguments), FieldsEmitter.Reader<TCall>(members, arguments), result);

    private Codec Of(Type type)
    {
        try
        {
            return Compile(type);
        }
        catch (UnsuitableTypeException exception)
        {
            throw new OrleansConfigurationException($"What is sent to another process is {TypeNames.Of(type)}, {exception.Reason}.");
        }
    }

    private Codec Compile(Type type)
    {
        if (_codecs.TryGetValue(type, out var codec))
        {
            return codec;
        }

        lock (_compiling)
        {
            var compiler = new CodecCompiler(_codecs, references, types);
            codec = compiler.Of(type);
            foreach (var (made, its) in compiler.Made)
            {
                _codecs.TryAdd(made, its);
            }

            return codec;
        }
    }
}

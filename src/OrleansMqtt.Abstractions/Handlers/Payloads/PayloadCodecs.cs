using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansMqtt.Handlers.Payloads;

/// <summary>Chooses the codec of a type.</summary>
internal sealed class PayloadCodecs(IServiceProvider services)
{
    private readonly ConcurrentDictionary<Type, Func<object, ReadOnlyMemory<byte>>> _encoders = new();

    /// <summary>The codec for a type, an <see cref="IPayloadCodec{T}"/>; null when there is none for it.</summary>
    public object? Of(Type type) => services.GetService(typeof(IPayloadCodec<>).MakeGenericType(type)) ?? BuiltIn(type);

    /// <inheritdoc cref="Of(Type)"/>
    /// <exception cref="NotSupportedException">There is none for it.</exception>
    public IPayloadCodec<T> Of<T>() =>
        services.GetService<IPayloadCodec<T>>() ?? Cache<T>.BuiltIn ?? throw new NotSupportedException($"There is no codec for payloads of type {typeof(T)}.");

    /// <summary>Makes a codec of a class; null when it is none for the type.</summary>
    public object? Create(Type codec, Type type) =>
        codec is { IsClass: true, IsAbstract: false } && typeof(IPayloadCodec<>).MakeGenericType(type).IsAssignableFrom(codec) ? ActivatorUtilities.GetServiceOrCreateInstance(services, codec) : null;

    /// <summary>A payload as bytes.</summary>
    /// <exception cref="NotSupportedException">There is no codec for its type.</exception>
    public ReadOnlyMemory<byte> Encode<T>(T payload)
    {
        if (payload is ReadOnlyMemory<byte> bytes) return bytes;
        var writer = new ArrayBufferWriter<byte>();
        Of<T>().Write(payload, writer);
        return writer.WrittenMemory;
    }

    /// <summary>A payload as bytes, of which only at run time is known what it is.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="type">The type whose codec writes it; <see cref="object"/> for its own.</param>
    /// <exception cref="NotSupportedException">There is no codec for the type.</exception>
    public ReadOnlyMemory<byte> Encode(object payload, Type type) => _encoders.GetOrAdd(type == typeof(object) ? payload.GetType() : type, CreateEncoder)(payload);

    /// <summary>Reads a payload; a codec that throws has not read it, and would not the next time.</summary>
    public static bool TryRead<T>(IPayloadCodec<T> codec, ReadOnlyMemory<byte> payload, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? reason)
    {
        try
        {
            return codec.TryRead(payload, out value, out reason);
        }
#pragma warning disable CA1031 // Whatever it is: it is the reason.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            (value, reason) = (default, Reasons.Of(exception));
            return false;
        }
    }

    private Func<object, ReadOnlyMemory<byte>> CreateEncoder(Type type) =>
        typeof(PayloadCodecs).GetMethod(nameof(EncodeObject), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(type).CreateDelegate<Func<object, ReadOnlyMemory<byte>>>(this);

    private ReadOnlyMemory<byte> EncodeObject<T>(object payload) => Encode((T)payload);

    private static object? BuiltIn(Type type)
    {
        if (type == typeof(ReadOnlyMemory<byte>) || type == typeof(byte[])) return new BytesCodec();
        if (type == typeof(string)) return new TextCodec();
        if (type == typeof(int)) return new NumberCodec<int>("whole number of 32 bits", NumberStyles.Integer);
        if (type == typeof(long)) return new NumberCodec<long>("whole number of 64 bits", NumberStyles.Integer);
        if (type == typeof(double)) return new NumberCodec<double>("number", NumberStyles.Float);
        if (type == typeof(bool)) return BooleanCodec.Create(new TopicHandlerAttribute("").TrueWords, new TopicHandlerAttribute("").FalseWords);
        return IsJson(type) ? Activator.CreateInstance(typeof(JsonCodec<>).MakeGenericType(type)) : null;
    }

    private static bool IsJson(Type type)
    {
        if (type.IsByRef || type.IsByRefLike || type.IsPointer || type.ContainsGenericParameters || typeof(Delegate).IsAssignableFrom(type)) return false;
        try
        {
            var info = JsonSerializerOptions.Web.GetTypeInfo(type);
            // Of these nothing says which class to make.
            if (info.Kind == JsonTypeInfoKind.Object && (type.IsInterface || type.IsAbstract) && info.PolymorphismOptions is null) return false;
            // Some that it does not support it knows only when it meets them.
            JsonSerializer.Deserialize("0"u8, info);
            return true;
        }
        catch (JsonException)
        {
            return true;
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            return false;
        }
    }

    private static class Cache<T>
    {
        public static readonly IPayloadCodec<T>? BuiltIn = (IPayloadCodec<T>?)PayloadCodecs.BuiltIn(typeof(T));
    }
}

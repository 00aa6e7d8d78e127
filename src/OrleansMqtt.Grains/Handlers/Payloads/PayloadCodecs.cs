using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.Grains.Handlers.Payloads;

/// <summary>Chooses the codec of a type.</summary>
internal sealed class PayloadCodecs(IServiceProvider services)
{
    /// <summary>The codec for a type, an <see cref="IPayloadCodec{T}"/>; null when there is none for it.</summary>
    public object? Of(Type type) => services.GetService(typeof(IPayloadCodec<>).MakeGenericType(type)) ?? BuiltIn(type);

    /// <inheritdoc cref="Of(Type)"/>
    /// <exception cref="NotSupportedException">There is none for it.</exception>
    public IPayloadCodec<T> Of<T>() =>
        services.GetService<IPayloadCodec<T>>() ?? Cache<T>.BuiltIn ?? throw new NotSupportedException($"There is no codec for payloads of type {typeof(T)}.");

    /// <summary>Makes a codec of a class; null when it is none for the type.</summary>
    public object? Create(Type codec, Type type) =>
        codec is { IsClass: true, IsAbstract: false } && typeof(IPayloadCodec<>).MakeGenericType(type).IsAssignableFrom(codec) ? ActivatorUtilities.GetServiceOrCreateInstance(services, codec) : null;

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

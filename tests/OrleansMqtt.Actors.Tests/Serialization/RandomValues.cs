using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Tests.Serialization;

/// <summary>Random values of any type that can be sent: edges as often as anything between.</summary>
internal sealed class RandomValues(Random random)
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const int Deepest = 6;

    private static readonly string[] Texts = ["", "a", "ä", "€", "😀", "\0", "plain/topic", "\uFFFD"];

    /// <summary>What types a member of an abstract type may hold.</summary>
    public Dictionary<Type, Type[]> Derived { get; } = [];

    /// <summary>Makes references.</summary>
    public Func<Type, object>? Reference { get; set; }

    public T Of<T>() => (T)Of(typeof(T), 0)!;

    public object? Of(Type type, int depth)
    {
        if (!type.IsValueType && (random.Next(8) == 0 || depth > Deepest))
        {
            return null;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return random.Next(3) == 0 ? null : Of(underlying, depth);
        }

        if (Plain(type) is { } plain)
        {
            return plain;
        }

        if (type.IsEnum)
        {
            return Enum.ToObject(type, Of(type.GetEnumUnderlyingType(), depth)!);
        }

        if (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
        {
            return Reference!(type);
        }

        if (Derived.TryGetValue(type, out var derived))
        {
            return Members(derived[random.Next(derived.Length)], depth);
        }

        return type.IsArray ? Elements(type.GetElementType()!, depth, Count)
            : type.IsGenericType && type.Namespace!.StartsWith("System", StringComparison.Ordinal) && Collection(type, depth) is { } collection ? collection
            : Members(type, depth);
    }

    private int Count => random.Next(4) switch { 0 => 0, 1 => 1, 2 => random.Next(10), _ => random.Next(40) };

    private object? Plain(Type type) => type switch
    {
        _ when type == typeof(bool) => random.Next(2) == 0,
        _ when type == typeof(byte) => (byte)Bits(),
        _ when type == typeof(sbyte) => (sbyte)Bits(),
        _ when type == typeof(short) => (short)Bits(),
        _ when type == typeof(ushort) => (ushort)Bits(),
        _ when type == typeof(int) => (int)Bits(),
        _ when type == typeof(uint) => (uint)Bits(),
        _ when type == typeof(long) => (long)Bits(),
        _ when type == typeof(ulong) => Bits(),
        _ when type == typeof(nint) => (nint)Bits(),
        _ when type == typeof(nuint) => (nuint)Bits(),
        _ when type == typeof(char) => (char)Bits(),
        _ when type == typeof(Int128) => new Int128(Bits(), Bits()),
        _ when type == typeof(UInt128) => new UInt128(Bits(), Bits()),
        _ when type == typeof(Half) => BitConverter.UInt16BitsToHalf((ushort)Bits()),
        _ when type == typeof(float) => BitConverter.UInt32BitsToSingle((uint)Bits()),
        _ when type == typeof(double) => BitConverter.UInt64BitsToDouble(Bits()),
        _ when type == typeof(decimal) => new decimal((int)Bits(), (int)Bits(), (int)Bits(), random.Next(2) == 0, (byte)random.Next(29)),
        _ when type == typeof(Guid) => new Guid(Elements<byte>(16)),
        _ when type == typeof(DateTime) => new DateTime(Ticks(DateTime.MaxValue.Ticks), random.Next(2) == 0 ? DateTimeKind.Utc : DateTimeKind.Unspecified),
        _ when type == typeof(DateTimeOffset) =>
            new DateTimeOffset(random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), TimeSpan.FromMinutes(random.Next(-840, 841))),
        _ when type == typeof(TimeSpan) => new TimeSpan((long)Bits()),
        _ when type == typeof(DateOnly) => DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber + 1)),
        _ when type == typeof(TimeOnly) => new TimeOnly(Ticks(TimeOnly.MaxValue.Ticks)),
        _ when type == typeof(string) => Text(),
        _ when type == typeof(Uri) => random.Next(2) == 0 ? new Uri("mqtt://host:1883/a%20b?c=d") : new Uri("relative/path", UriKind.Relative),
        _ when type == typeof(Version) => random.Next(2) == 0 ? new Version(1, random.Next(100)) : new Version(1, 2, 3, random.Next(100)),
        _ when type == typeof(CancellationToken) => CancellationToken.None,
        _ when type == typeof(GrainId) => random.Next(4) == 0 ? default : GrainId.Create("type", "key/" + Text()),
        _ when type == typeof(SiloAddress) => SiloAddress.FromParsableString(random.Next(2) == 0 ? "127.0.0.1:11111@-5" : "[::1]:0@7"),
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(Elements<byte>(Count)),
        _ when type == typeof(ReadOnlyMemory<int>) => new ReadOnlyMemory<int>(Elements<int>(Count)),
        _ => null,
    };

    private ulong Bits() => random.Next(4) switch
    {
        0 => (ulong)random.Next(3),
        1 => ulong.MaxValue - (ulong)random.Next(3),
        2 => 1ul << random.Next(64),
        _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
    };

    private long Ticks(long last) => random.Next(4) switch { 0 => 0, 1 => last, _ => random.NextInt64(last) };

    private string Text() => string.Concat(Enumerable.Range(0, random.Next(8) == 0 ? 100 : random.Next(4)).Select(_ => Texts[random.Next(Texts.Length)]));

    private T[] Elements<T>(int count) => (T[])Elements(typeof(T), 0, count);

    private Array Elements(Type type, int depth, int count)
    {
        var elements = Array.CreateInstance(type, depth > Deepest ? 0 : count);
        for (var i = 0; i < elements.Length; i++)
        {
            elements.SetValue(Of(type, depth + 2), i);
        }

        return elements;
    }

    private object? Collection(Type type, int depth)
    {
        if (typeof(RandomCollections).GetMethod(type.Name.Split('`')[0]) is not { } create)
        {
            return null;
        }

        var arguments = type.GetGenericArguments();
        var element = arguments.Length == 1 ? arguments[0] : typeof(KeyValuePair<,>).MakeGenericType(arguments);
        return type == typeof(ImmutableArray<>).MakeGenericType(arguments[0]) && random.Next(6) == 0
            ? Activator.CreateInstance(type)
            : create.MakeGenericMethod(arguments).Invoke(null, [Elements(element, depth, Count)]);
    }

    private object Members(Type type, int depth)
    {
        var value = RuntimeHelpers.GetUninitializedObject(type);
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (var field in level.GetFields(Declared))
            {
                field.SetValue(value, Of(field.FieldType, depth + 1));
            }
        }

        return value;
    }
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Tests.Serialization;

internal enum Colour : byte
{
    Red,
    Green,
}

internal enum Deep : long
{
    Low = long.MinValue,
    High = long.MaxValue,
}

[GenerateSerializer, Immutable]
internal sealed record Numbers
{
    [Id(0)] public bool Boolean { get; init; }
    [Id(1)] public byte Byte { get; init; }
    [Id(2)] public sbyte SByte { get; init; }
    [Id(3)] public short Int16 { get; init; }
    [Id(4)] public ushort UInt16 { get; init; }
    [Id(5)] public int Int32 { get; init; }
    [Id(6)] public uint UInt32 { get; init; }
    [Id(7)] public long Int64 { get; init; }
    [Id(8)] public ulong UInt64 { get; init; }
    [Id(9)] public nint Native { get; init; }
    [Id(10)] public nuint UNative { get; init; }
    [Id(11)] public char Char { get; init; }
    [Id(12)] public Int128 Int128 { get; init; }
    [Id(13)] public UInt128 UInt128 { get; init; }
    [Id(14)] public Half Half { get; init; }
    [Id(15)] public float Single { get; init; }
    [Id(16)] public double Double { get; init; }
    [Id(17)] public decimal Decimal { get; init; }
    [Id(18)] public Colour Colour { get; init; }
    [Id(19)] public Deep Deep { get; init; }
    [Id(1000)] public int? Maybe { get; init; }
    [Id(1001)] public Colour? MaybeColour { get; init; }
    [Id(uint.MaxValue)] public DateTime? MaybeTime { get; init; }
}

[GenerateSerializer, Immutable]
internal sealed record Plain
{
    [Id(0)] public Guid Guid { get; init; }
    [Id(1)] public DateTime DateTime { get; init; }
    [Id(2)] public DateTimeOffset DateTimeOffset { get; init; }
    [Id(3)] public TimeSpan TimeSpan { get; init; }
    [Id(4)] public DateOnly DateOnly { get; init; }
    [Id(5)] public TimeOnly TimeOnly { get; init; }
    [Id(6)] public string? Text { get; init; }
    [Id(7)] public Uri? Uri { get; init; }
    [Id(8)] public Version? Version { get; init; }
    [Id(9)] public byte[]? Bytes { get; init; }
    [Id(10)] public ReadOnlyMemory<byte> Memory { get; init; }
    [Id(11)] public ReadOnlyMemory<byte>? MaybeMemory { get; init; }
    [Id(12)] public ImmutableArray<byte> ImmutableBytes { get; init; }
    [Id(13)] public CancellationToken Token { get; init; }
    [Id(14)] public GrainId GrainId { get; init; }
    [Id(15)] public SiloAddress? Silo { get; init; }
    [Id(16)] public KeyValuePair<int, string?> Pair { get; init; }
    [Id(17)] public (int A, string? B, (byte, long?) C) ValueTuple { get; init; }
    [Id(18)] public Tuple<int, Tuple<string?>?>? Tuple { get; init; }
    [Id(19)] public (int, int, int, int, int, int, int, string?, int) Long { get; init; }
}

[GenerateSerializer, Immutable]
internal sealed record Collections
{
    [Id(0)] public int[]? Array { get; init; }
    [Id(1)] public string?[]?[]? Jagged { get; init; }
    [Id(2)] public List<Point>? List { get; init; }
    [Id(3)] public ImmutableArray<string?> ImmutableArray { get; init; }
    [Id(4)] public ImmutableArray<int>? MaybeArray { get; init; }
    [Id(5)] public ImmutableList<bool>? ImmutableList { get; init; }
    [Id(6)] public ImmutableQueue<int>? Queue { get; init; }
    [Id(7)] public ImmutableStack<int>? Stack { get; init; }
    [Id(8)] public ImmutableHashSet<string>? HashSet { get; init; }
    [Id(9)] public ImmutableSortedSet<int>? SortedSet { get; init; }
    [Id(10)] public HashSet<Guid>? MutableSet { get; init; }
    [Id(11)] public FrozenSet<int>? FrozenSet { get; init; }
    [Id(12)] public IReadOnlySet<int>? Set { get; init; }
    [Id(13)] public ImmutableDictionary<string, Point?>? ImmutableDictionary { get; init; }
    [Id(14)] public ImmutableSortedDictionary<int, string?>? SortedDictionary { get; init; }
    [Id(15)] public Dictionary<Point, int>? Dictionary { get; init; }
    [Id(16)] public FrozenDictionary<string, int>? FrozenDictionary { get; init; }
    [Id(17)] public IReadOnlyDictionary<int, int>? ReadOnlyDictionary { get; init; }
    [Id(18)] public IReadOnlyList<Point>? ReadOnlyList { get; init; }
    [Id(19)] public IReadOnlyCollection<string?>? ReadOnlyCollection { get; init; }
    [Id(20)] public ReadOnlyMemory<int> Memory { get; init; }
}

[GenerateSerializer, Immutable]
internal readonly record struct Point([property: Id(0)] int X, [property: Id(1)] int Y);

/// <summary>A record without ids: Orleans numbers the parameters of its primary constructor, apart from the body's members.</summary>
[GenerateSerializer, Immutable]
internal sealed record Implicit(int A, string? B)
{
    [Id(0)] public string? C { get; init; }
}

/// <summary>Parameters with ids of their own, one of which the class keeps by itself.</summary>
[GenerateSerializer, Immutable]
internal sealed class Captured([Id(3)] int number, [Id(1)] string? text)
{
    public int Number => number;

    public string? Text => text;
}

[GenerateSerializer, Immutable]
internal sealed class Guarded
{
    private string? _text;

    [Id(0)] private readonly int _readOnly = 1;
    [Id(1)] private int _private;

    [Id(2)] public int GetOnly { get; } = 5;

    [Id(3)] public string? Checked
    {
        get => _text;
        private set => _text = value is null || value.Length < 1000 ? value : throw new ArgumentException("It is too long.");
    }

    public int Sum => _readOnly + _private;

    public static Guarded Of(int number, string? text) => new() { _private = number, _text = text };
}

/// <summary>A tree, through every kind of derivation.</summary>
[GenerateSerializer, Immutable]
internal abstract record Node
{
    [Id(0)] public string? Name { get; init; }
}

[GenerateSerializer, Immutable, Alias("Tests.Branch")]
internal record Branch : Node
{
    [Id(0)] public ImmutableArray<Node?> Children { get; init; }
    [Id(1)] public INamed? Other { get; init; }
}

[GenerateSerializer, Immutable, Alias("Tests.Fork")]
internal sealed record Fork : Branch
{
    [Id(0)] public Branch? Left { get; init; }
    [Id(7)] public Fork? Right { get; init; }
}

[GenerateSerializer, Immutable]
internal sealed record Leaf(int Value) : Node;

internal interface INamed
{
    string? Name { get; }
}

[GenerateSerializer, Immutable, Alias("Tests.Named"), Alias("Tests.OldNamed")]
internal readonly record struct Named([property: Id(0)] string? Name) : INamed;

[GenerateSerializer, Immutable]
internal sealed record Page<T>([property: Id(0)] T? Item, [property: Id(1)] ImmutableArray<Page<T>> Next);

/// <summary>Not marked, so it cannot be sent.</summary>
internal sealed record Unmarked([property: Id(0)] string? Name) : INamed;

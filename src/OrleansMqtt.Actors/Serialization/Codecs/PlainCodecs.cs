using System.Collections.Frozen;
using System.Collections.Immutable;
using Orleans.Runtime;
using OrleansMqtt.Actors.Calls;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>The codecs of types that consist of no others.</summary>
internal static class PlainCodecs
{
    private static readonly FrozenDictionary<Type, Codec> All = new Dictionary<Type, Codec>
    {
        [typeof(bool)] = new FormatCodec<bool, BooleanFormat>(),
        [typeof(byte)] = new FormatCodec<byte, UnsignedFormat<byte>>(),
        [typeof(ushort)] = new FormatCodec<ushort, UnsignedFormat<ushort>>(),
        [typeof(uint)] = new FormatCodec<uint, UnsignedFormat<uint>>(),
        [typeof(ulong)] = new FormatCodec<ulong, UnsignedFormat<ulong>>(),
        [typeof(nuint)] = new FormatCodec<nuint, UnsignedFormat<nuint>>(),
        [typeof(char)] = new FormatCodec<char, UnsignedFormat<char>>(),
        [typeof(sbyte)] = new FormatCodec<sbyte, SignedFormat<sbyte>>(),
        [typeof(short)] = new FormatCodec<short, SignedFormat<short>>(),
        [typeof(int)] = new FormatCodec<int, SignedFormat<int>>(),
        [typeof(long)] = new FormatCodec<long, SignedFormat<long>>(),
        [typeof(nint)] = new FormatCodec<nint, SignedFormat<nint>>(),
        [typeof(Int128)] = new FormatCodec<Int128, Int128Format>(),
        [typeof(UInt128)] = new FormatCodec<UInt128, UInt128Format>(),
        [typeof(Half)] = new FormatCodec<Half, HalfFormat>(),
        [typeof(float)] = new FormatCodec<float, SingleFormat>(),
        [typeof(double)] = new FormatCodec<double, DoubleFormat>(),
        [typeof(decimal)] = new FormatCodec<decimal, DecimalFormat>(),
        [typeof(DateTime)] = new FormatCodec<DateTime, DateTimeFormat>(),
        [typeof(DateTimeOffset)] = new FormatCodec<DateTimeOffset, DateTimeOffsetFormat>(),
        [typeof(TimeSpan)] = new FormatCodec<TimeSpan, TimeSpanFormat>(),
        [typeof(DateOnly)] = new FormatCodec<DateOnly, DateOnlyFormat>(),
        [typeof(TimeOnly)] = new FormatCodec<TimeOnly, TimeOnlyFormat>(),
        [typeof(Guid)] = new FormatCodec<Guid, GuidFormat>(),
        [typeof(string)] = new FormatCodec<string?, StringFormat>(),
        [typeof(Uri)] = new FormatCodec<Uri?, UriFormat>(),
        [typeof(Version)] = new FormatCodec<Version?, VersionFormat>(),
        [typeof(SiloAddress)] = new FormatCodec<SiloAddress?, SiloAddressFormat>(),
        [typeof(byte[])] = new FormatCodec<byte[]?, ByteArrayFormat>(),
        [typeof(ReadOnlyMemory<byte>)] = new FormatCodec<ReadOnlyMemory<byte>, ReadOnlyMemoryFormat>(),
        [typeof(Memory<byte>)] = new FormatCodec<Memory<byte>, MemoryFormat>(),
        [typeof(ImmutableArray<byte>)] = new FormatCodec<ImmutableArray<byte>, ImmutableBytesFormat>(),
        [typeof(CancellationToken)] = new FormatCodec<CancellationToken, CancellationTokenFormat>(),
        [typeof(VoidResult)] = new FormatCodec<VoidResult, VoidResultFormat>(),
    }.ToFrozenDictionary();

    /// <summary>The codec of a type; null if it is none of these.</summary>
    public static Codec? Find(Type type) => type.IsEnum ? OfEnum(type) : All.GetValueOrDefault(type);

    private static Codec OfEnum(Type type)
    {
        var number = type.GetEnumUnderlyingType();
        var format = All[number].GetType().GetGenericArguments()[1];
        return (Codec)Activator.CreateInstance(
            typeof(FormatCodec<,>).MakeGenericType(type, typeof(EnumFormat<,,>).MakeGenericType(type, number, format)))!;
    }
}

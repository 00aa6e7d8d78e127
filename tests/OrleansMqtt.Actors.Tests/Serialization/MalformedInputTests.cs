using System.Collections.Immutable;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Tests.Serialization;

/// <summary>Whatever the bytes are: a value or a <see cref="WireFormatException"/>, and no more memory than they may well need.</summary>
public class MalformedInputTests(ITestOutputHelper output)
{
    private const int Mutations = 100_000;

    // Of what a value of so many bytes may cost: an empty object takes two bytes of input and some hundreds of memory, an exception its text more than once.
    private const long BytesPerByte = 2000;
    private const long BytesBesides = 200_000;

    private readonly WireCodecs _codecs = new(new FakeReferences());

    [Theory]
    [InlineData("")] // Nothing.
    [InlineData("03")] // A length is missing.
    [InlineData("0301")] // A byte is missing.
    [InlineData("03FFFFFFFF0F")] // A length far beyond the end.
    [InlineData("03FFFFFFFFFFFFFFFFFF01")]
    [InlineData("03808080808080808080808001")] // A number of more than 64 bits.
    [InlineData("0301C0")] // No UTF-8.
    [InlineData("0303EDA080")] // Half of a surrogate pair in UTF-8.
    [InlineData("0300FF")] // More than a value.
    [InlineData("0000")]
    [InlineData("0B0161")] // A field where there is no object.
    [InlineData("07")] // An end of nothing.
    [InlineData("0100")] // A number where a text is expected.
    [InlineData("0407")]
    [InlineData("0600")]
    public void No_text(string hex) => Refuses<string>(hex);

    [Theory]
    [InlineData("00")] // Null.
    [InlineData("0300")]
    [InlineData("01")]
    [InlineData("0180")]
    [InlineData("018080808010")] // 2^32, zig-zag of more than an Int32.
    [InlineData("01FFFFFFFFFFFFFFFFFF02")] // More than 64 bits.
    [InlineData("0200000000000000")] // Seven bytes of eight.
    public void No_number(string hex) => Refuses<int>(hex);

    [Theory]
    [InlineData("06FFFFFFFF07")] // A count far beyond the end.
    [InlineData("060201020102FF")]
    [InlineData("06020102")] // One element of two.
    [InlineData("06010F0102")] // An element with an id.
    [InlineData("060107")]
    [InlineData("06010302")]
    public void No_sequence(string hex)
    {
        Refuses<int[]>(hex);
        Refuses<ImmutableArray<int>>(hex);
        Refuses<ImmutableHashSet<int>>(hex);
        Refuses<IReadOnlyList<int>>(hex);
    }

    [Theory]
    [InlineData("04")] // No end.
    [InlineData("040102")]
    [InlineData("04030107")] // A text where a number is expected.
    [InlineData("04FF07")] // More groups than there can be.
    [InlineData("04F9FFFFFFFF0F0100F901000007")] // An id beyond the last.
    [InlineData("050161" + "07")] // A name where there is no choice.
    public void No_object(string hex) => Refuses<Point>(hex);

    [Fact]
    public void Values_out_of_range()
    {
        Refuses<bool>("0102");
        Refuses<byte>("018002");
        Refuses<sbyte>("018002");
        Refuses<char>("01808004");
        Refuses<DateTime>("02FFFFFFFFFFFFFF3F");
        Refuses<DateTimeOffset>("030A" + "FFFFFFFFFFFFFF7F" + "0000");
        Refuses<DateTimeOffset>("030A" + "0000000000000000" + "FF7F");
        Refuses<DateOnly>("01FFFFFFFF0F");
        Refuses<TimeOnly>("0180C0CDCEB19801");
        Refuses<decimal>("0310" + "000000000000000000000000" + "FFFFFFFF");
        Refuses<Guid>("030100");
        Refuses<Version>("030161");
        Refuses<Uri>("030968747470733A2F2F3A");
        Refuses<Dictionary<string, int>>("0601" + "04000907"); // A null key.
    }

    [Fact]
    public void A_setter_may_refuse() => Refuses<Guarded>(_codecs.Write(Guarded.Of(1, new string('a', 2)))
        is var bytes ? Convert.ToHexString(bytes).Replace("03026161", "03D00F" + string.Concat(Enumerable.Repeat("61", 2000)), StringComparison.Ordinal) : "");

    [Theory]
    [InlineData(0x04)] // Objects in unknown fields.
    [InlineData(0x06)] // Sequences.
    public void No_depth_is_too_much_for_the_stack(byte tag)
    {
        byte[] nested = tag == 0x04 ? [.. Enumerable.Repeat((byte)0x24, 1_000_000)] : [0x04, 0x26, .. Enumerable.Repeat((byte[])[1, 6], 1_000_000).SelectMany(two => two)];
        nested[0] = 0x04;

        Assert.Throws<WireFormatException>(() => _codecs.Read<Point>(nested));
    }

    [Fact]
    public void A_count_alone_makes_no_room()
    {
        // A sequence of 10,000,000 large values in as many bytes that hold none.
        byte[] input = [6, 0x80, 0xAD, 0xE2, 0x04, .. new byte[10_000_000]];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<WireFormatException>(() => _codecs.Read<ImmutableArray<(decimal, decimal, decimal, decimal, decimal, decimal)>>(input));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 * input.Length);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var random = new RandomValues(new Random(WireHarness.Seed(output)));
        for (var i = 0; i < 20; i++)
        {
            Truncate(random.Of<Numbers>());
            Truncate(random.Of<Plain>());
            Truncate(random.Of<Collections>());
        }

        void Truncate<T>(T value)
        {
            var bytes = _codecs.Write(value);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<WireFormatException>(() => _codecs.Read<T>(bytes.AsMemory(0, length)));
            }
        }
    }

    [Fact]
    public void Mutated_input_is_a_value_or_refused()
    {
        var random = new Random(WireHarness.Seed(output));
        var values = new RandomValues(random)
        {
            Derived = { [typeof(Node)] = [typeof(Branch), typeof(Fork), typeof(Leaf)], [typeof(Branch)] = [typeof(Branch), typeof(Fork)], [typeof(INamed)] = [typeof(Named)] },
        };
        var (read, refused) = (0, 0);
        for (var i = 0; i < Mutations / 5; i++)
        {
            Mutate(values.Of<Numbers>());
            Mutate(values.Of<Plain>());
            Mutate(values.Of<Collections>());
            Mutate(values.Of<Node>());
            Mutate<Exception>(new RefusedException("no") { Code = values.Of<int>(), Other = new IOException("x", new TimeoutException("y")) });
        }

        output.WriteLine($"{read} read, {refused} refused");
        Assert.NotEqual(0, read);
        Assert.NotEqual(0, refused);

        void Mutate<T>(T value)
        {
            var bytes = Mutation(random, _codecs.Write(value));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                _codecs.Read<T>(bytes);
                read++;
            }
            catch (WireFormatException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BytesBesides + (BytesPerByte * bytes.Length));
        }
    }

    internal static byte[] Mutation(Random random, byte[] bytes)
    {
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes = [.. bytes.AsSpan(0, at), .. bytes.AsSpan(Math.Min(bytes.Length, at + random.Next(4)))];
                    break;
                case 3:
                    bytes = [.. bytes.AsSpan(0, at), (byte)random.Next(256), .. bytes.AsSpan(at)];
                    break;
                default:
                    bytes = [.. bytes.AsSpan(0, at), .. (ReadOnlySpan<byte>)[0xFF, 0xFF, 0xFF, 0xFF, 0x07], .. bytes.AsSpan(at)];
                    break;
            }

            if (bytes.Length == 0)
            {
                return bytes;
            }
        }

        return bytes;
    }

    private void Refuses<T>(string hex) => Assert.Throws<WireFormatException>(() => _codecs.Read<T>(Convert.FromHexString(hex)));
}

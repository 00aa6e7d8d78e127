using System.Buffers;
using System.Collections.Immutable;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Tests.Serialization;

public class RoundTripTests(ITestOutputHelper output)
{
    private readonly WireCodecs _codecs = new(new FakeReferences());

    [Fact]
    public void Numbers_come_back() => ComesBack<Numbers>();

    [Fact]
    public void Plain_values_come_back() => ComesBack<Plain>();

    [Fact]
    public void Collections_come_back() => ComesBack<Collections>();

    [Fact]
    public void Records_without_ids_come_back() => ComesBack<Implicit>();

    [Fact]
    public void Kept_constructor_parameters_come_back() => ComesBack<Captured>();

    [Fact]
    public void What_only_its_class_can_set_comes_back() => ComesBack<Guarded>();

    [Fact]
    public void Derived_values_come_back_as_what_they_are() => ComesBack<Node>();

    [Fact]
    public void Generic_contracts_come_back() => ComesBack<Page<(int, Node)>>();

    [Fact]
    public void Values_that_are_no_contracts_come_back()
    {
        ComesBack<int>();
        ComesBack<string>();
        ComesBack<ImmutableArray<Point>>();
        ComesBack<ImmutableArray<int>?>();
        ComesBack<ReadOnlyMemory<byte>>();
    }

    [Fact]
    public void Null_empty_and_default_are_told_apart()
    {
        Assert.Null(_codecs.RoundTrip<string?>(null));
        Assert.Equal("", _codecs.RoundTrip<string?>(""));
        Assert.Null(_codecs.RoundTrip<int?>(null));
        Assert.Equal(0, _codecs.RoundTrip<int?>(0));
        Assert.Null(_codecs.RoundTrip<byte[]?>(null));
        Assert.Empty(_codecs.RoundTrip<byte[]?>([])!);
        Assert.True(_codecs.RoundTrip(default(ImmutableArray<int>)).IsDefault);
        Assert.True(_codecs.RoundTrip(ImmutableArray<int>.Empty) is { IsDefault: false, IsEmpty: true });
        Assert.Null(_codecs.RoundTrip<ImmutableArray<int>?>(null));
        Assert.True(_codecs.RoundTrip<ImmutableArray<int>?>(default(ImmutableArray<int>)) is { IsDefault: true });
        Assert.Null(_codecs.RoundTrip<ReadOnlyMemory<byte>?>(null));
        Assert.True(_codecs.RoundTrip<ReadOnlyMemory<byte>?>(default(ReadOnlyMemory<byte>)) is { IsEmpty: true });
        Assert.Null(_codecs.RoundTrip<Point?>(null));
        Assert.Equal(default(Point), _codecs.RoundTrip<Point?>(default(Point)));
    }

    [Fact]
    public void A_local_time_arrives_as_the_same_instant()
    {
        var time = new DateTime(2030, 6, 1, 12, 0, 0, DateTimeKind.Local);

        var read = _codecs.RoundTrip(time);

        Assert.Equal((time, DateTimeKind.Local), (read, read.Kind));
    }

    [Fact]
    public void Bytes_that_are_read_as_memory_are_those_of_the_input()
    {
        var input = _codecs.Write(new ReadOnlyMemory<byte>([1, 2, 3]));

        var read = _codecs.Read<ReadOnlyMemory<byte>>(input);
        input[^1] = 9;

        Assert.Equal([1, 2, 9], read.ToArray());
    }

    [Fact]
    public void A_text_is_written_whole_wherever_the_output_ends_a_piece()
    {
        var text = new string('€', 50_000);

        Assert.Equal(text, _codecs.RoundTrip(text));
    }

    [Fact]
    public void A_text_that_is_none_is_refused_at_the_sender() =>
        Assert.Throws<ArgumentException>(() => _codecs.Write("half \uD83D of a pair"));

    [Fact]
    public void A_cycle_ends_at_the_sender()
    {
        var children = new Node?[1];
        children[0] = new Branch { Children = System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(children) };

        var exception = Assert.Throws<InvalidOperationException>(() => _codecs.Write<Node>(children[0]!));

        Assert.Contains("must not lead back to itself", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparer_that_is_not_the_usual_one_is_refused_at_the_sender()
    {
        Assert.Throws<InvalidOperationException>(() => _codecs.Write(ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "a")));
        Assert.Throws<InvalidOperationException>(() => _codecs.Write(ImmutableSortedSet.Create(StringComparer.Ordinal, "a")));
        Assert.Single(_codecs.RoundTrip(ImmutableHashSet.Create(StringComparer.Ordinal, "a")));
    }

    [Fact]
    public void A_derived_value_that_is_not_marked_is_refused_at_the_sender()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => _codecs.Write<INamed>(new Unmarked("x")));

        Assert.Equal("Unmarked cannot be sent as a INamed: it is not marked [GenerateSerializer], or generic.", exception.Message);
    }

    [Fact]
    public void Types_are_compiled_by_many_threads_at_once()
    {
        Parallel.For(0, 64, i =>
        {
            Assert.Equal(i, _codecs.RoundTrip(i));
            Assert.Equal("a", _codecs.RoundTrip<Node>(new Fork { Name = "a", Children = [new Leaf(i)] }).Name);
            Assert.Single(_codecs.RoundTrip(new Collections { ReadOnlyList = [new Point(i, 1)] }).ReadOnlyList!);
        });
    }

    private void ComesBack<T>()
    {
        var values = new RandomValues(new Random(WireHarness.Seed(output)))
        {
            Derived = { [typeof(Node)] = [typeof(Branch), typeof(Fork), typeof(Leaf)], [typeof(Branch)] = [typeof(Branch), typeof(Fork)], [typeof(INamed)] = [typeof(Named)] },
        };
        for (var i = 0; i < 300; i++)
        {
            var value = values.Of<T>();
            Assert.Equal(Structure.Of(value), Structure.Of(_codecs.RoundTrip(value)));
        }
    }
}

using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Tests.Serialization;

[GenerateSerializer]
internal sealed record OldContract([property: Id(0)] string? Name, [property: Id(5)] ImmutableArray<int> Numbers, [property: Id(6)] int Last);

[GenerateSerializer]
internal sealed record NewContract
{
    [Id(0)] public string? Name { get; init; }
    [Id(1)] public Guid Number { get; init; } = Guid.AllBitsSet;
    [Id(2)] public double Fraction { get; init; }
    [Id(3)] public Node? Tree { get; init; }
    [Id(4)] public Dictionary<string, Point> Points { get; init; } = [];
    [Id(5)] public ImmutableArray<int> Numbers { get; init; }
    [Id(6)] public int Last { get; init; }
    [Id(7)] public string? Text { get; init; }
    [Id(90)] public string Far { get; init; } = "as made";
    [Id(91)] public Exception? Failure { get; init; }
}

[GenerateSerializer]
internal class LowerOnly
{
    [Id(0)] public int Number { get; init; }
}

[GenerateSerializer]
internal sealed class WithUpper : LowerOnly
{
    [Id(0)] public string? Text { get; init; }
}

// Generic, so that they are not in the registry of the process, where two of one name could not be.
[GenerateSerializer, Alias("Tests.Shape")]
internal sealed record OldShape<T>([property: Id(0)] int Size) : IShape;

[GenerateSerializer, Alias("Tests.Shape")]
internal sealed record NewShape<T>([property: Id(1)] string? Name, [property: Id(0)] int Size) : IShape;

internal interface IShape
{
    int Size { get; }
}

/// <summary>Processes of two versions talk to each other while one is replaced by the other.</summary>
public class VersionTests
{
    private readonly WireCodecs _codecs = new(new FakeReferences());

    [Fact]
    public void The_old_version_passes_over_what_it_does_not_know()
    {
        var read = Convert<NewContract, OldContract>(new NewContract
        {
            Name = "name",
            Number = Guid.NewGuid(),
            Fraction = 0.5,
            Tree = new Branch { Children = [new Leaf(1), null] },
            Points = { ["a"] = new Point(1, 2) },
            Numbers = [1, 2, 3],
            Last = -7,
            Text = "text",
            Failure = new InvalidOperationException("outer", new TimeoutException("inner")),
        });

        Assert.Equal(("name", -7), (read.Name, read.Last));
        Assert.Equal([1, 2, 3], read.Numbers);
    }

    [Fact]
    public void The_new_version_finds_what_was_not_sent_as_a_new_object_has_it()
    {
        var read = Convert<OldContract, NewContract>(new OldContract("name", [4], 9));

        Assert.Equal(("name", Guid.AllBitsSet, 9, "as made"), (read.Name, read.Number, read.Last, read.Far));
        Assert.Empty(read.Points);
        Assert.Equal([4], read.Numbers);
        Assert.Null(read.Text);
    }

    [Fact]
    public void A_value_that_was_sent_as_default_does_not_become_what_a_new_object_has() =>
        Assert.Equal((default, null), (Convert<NewContract, NewContract>(new NewContract { Number = default, Far = null! }) is var read ? (read.Number, read.Far) : default));

    [Fact]
    public void A_class_may_be_derived_further()
    {
        var old = Convert<WithUpper, LowerTwin>(new WithUpper { Number = 3, Text = "x" });
        var upper = Convert<LowerTwin, WithUpper>(new LowerTwin { Number = 4 });

        Assert.Equal(3, old.Number);
        Assert.Equal((4, null), (upper.Number, upper.Text));
    }

    [Fact]
    public void Types_with_the_same_alias_stand_for_each_other()
    {
        var old = new WireCodecs(new FakeReferences(), new WireTypes([typeof(OldShape<int>)]));
        var @new = new WireCodecs(new FakeReferences(), new WireTypes([typeof(NewShape<int>)]));

        Assert.Equal(new OldShape<int>(5), old.Read<IShape>(@new.Write<IShape>(new NewShape<int>("n", 5))));
        Assert.Equal(new NewShape<int>(null, 6), @new.Read<IShape>(old.Write<IShape>(new OldShape<int>(6))));
    }

    [Fact]
    public void Every_alias_is_understood()
    {
        var bytes = _codecs.Write<INamed>(new Named("x"));
        var renamed = Replace(bytes, "Tests.Named"u8, "Tests.OldNamed"u8);

        Assert.Equal(new Named("x"), _codecs.Read<INamed>(renamed));
    }

    [Fact]
    public void Two_types_with_the_same_alias_are_refused()
    {
        var exception = Assert.Throws<OrleansConfigurationException>(() => new WireTypes([typeof(OldShape<int>), typeof(NewShape<int>)]));

        Assert.Contains("have the same [Alias] \"Tests.Shape\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_registered_type_that_fits_is_taken()
    {
        var bytes = _codecs.Write<INamed>(new Named("x"));

        Assert.Throws<WireFormatException>(() => _codecs.Read<INamed>(Replace(bytes, "Tests.Named"u8, "System.Random, System.Runtime"u8)));
        Assert.Throws<WireFormatException>(() => _codecs.Read<INamed>(Replace(bytes, "Tests.Named"u8, "Tests.Fork"u8)));
        Assert.Throws<WireFormatException>(() => _codecs.Read<INamed>(Replace(bytes, "Tests.Named"u8, "OrleansMqtt.Actors.Tests.Serialization.Unmarked"u8)));
    }

    private static byte[] Replace(byte[] bytes, ReadOnlySpan<byte> name, ReadOnlySpan<byte> other)
    {
        var at = bytes.AsSpan().IndexOf(name);
        return [.. bytes.AsSpan(0, at - 1), (byte)other.Length, .. other, .. bytes.AsSpan(at + name.Length)];
    }

    private TTo Convert<TFrom, TTo>(TFrom value) => _codecs.Read<TTo>(_codecs.Write(value));
}

/// <summary>What <see cref="WithUpper"/> was when it had no class below it.</summary>
[GenerateSerializer]
internal sealed class LowerTwin
{
    [Id(0)] public int Number { get; init; }
}

using System.Buffers;
using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Proxies;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Tests.Serialization;

internal interface ICodedGrain : IGrainWithStringKey
{
    Task<ImmutableArray<int>> Take(int number, string? text, ReadOnlyMemory<byte> bytes, ICodedObserver? observer, ICodedGrain? grain, CancellationToken token);

    ValueTask Nothing();

    Task<string?> Text(Node? node);
}

internal interface ICodedObserver : IGrainObserver
{
    void Tell(Point point);
}

internal interface IOlderMethods : IGrainWithStringKey
{
    [Alias("M")]
    Task Method(int a);
}

internal interface INewerMethods : IGrainWithStringKey
{
    [Alias("M")]
    Task Method(int a, string? b, ImmutableArray<int> c);
}

internal interface IUnsendable : IGrainWithStringKey
{
    Task Take(ImmutableArray<Holder> holders);

    Task<Unmarked> Give();

    Task Cut(object anything, SameId two, ICodedObserver fine, NoWay no);

    Task Observe(IUnsendableObserver observer);

    Task Derive(Derived derived, IUnknown unknown, Endless<int> endless);
}

internal interface IUnsendableObserver : IGrainObserver
{
    void Tell(Func<int> function);
}

internal interface IUnknown;

[GenerateSerializer]
internal sealed record Holder([property: Id(0)] Unmarked? Held);

[GenerateSerializer]
internal sealed record SameId([property: Id(0)] int A, [property: Id(0)] int B);

[GenerateSerializer]
internal sealed class NoWay
{
    [Id(0)] public int Computed => GetHashCode();
}

internal class NotMarked
{
    public int Lost { get; init; }
}

[GenerateSerializer]
internal sealed class Derived : NotMarked;

[GenerateSerializer]
internal sealed class Endless<T>
{
    [Id(0)] public Endless<T[]>? Next { get; init; }
}

public class CallCodecTests
{
    private readonly FakeReferences _references = new();
    private readonly WireCodecs _codecs;

    public CallCodecTests() => _codecs = new WireCodecs(_references);

    [Fact]
    public void Arguments_come_back()
    {
        var observer = _references.Create(typeof(ICodedObserver), GrainId.Create("observer", "o"));
        var grain = _references.Create(typeof(ICodedGrain), GrainId.Create("coded", "g/1"));
        using var source = new CancellationTokenSource();

        var read = RoundTrip(nameof(ICodedGrain.Take), 7, "text", new ReadOnlyMemory<byte>([1, 2]), observer, grain, source.Token);

        Assert.Equal((7, "text"), (read[0], read[1]));
        Assert.Equal([1, 2], ((ReadOnlyMemory<byte>)read[2]!).ToArray());
        Assert.Equal(observer, (GrainReference)Assert.IsAssignableFrom<ICodedObserver>(read[3]));
        Assert.Equal(grain, (GrainReference)Assert.IsAssignableFrom<ICodedGrain>(read[4]));
        Assert.Equal(CancellationToken.None, read[5]);
        Assert.Equal([FakeReferences.Here, null], _references.Homes);
    }

    [Fact]
    public void No_arguments_are_no_trouble() => Assert.Empty(RoundTrip(nameof(ICodedGrain.Nothing)));

    [Fact]
    public void Arguments_may_be_null()
    {
        var read = RoundTrip(nameof(ICodedGrain.Take), 0, null, default(ReadOnlyMemory<byte>), null, null, default(CancellationToken));

        Assert.Equal([0, null, null, null], [read[0], read[1], read[3], read[4]]);
    }

    [Fact]
    public void Results_come_back()
    {
        Assert.Equal([1, 2], Result<ICodedGrain, ImmutableArray<int>>(nameof(ICodedGrain.Take), [1, 2]));
        Assert.Equal("x", Result<ICodedGrain, string?>(nameof(ICodedGrain.Text), "x"));
        Assert.Equal(default, Result<ICodedGrain, VoidResult>(nameof(ICodedGrain.Nothing), default));
        Assert.Equal(default, Result<ICodedObserver, VoidResult>(nameof(ICodedObserver.Tell), default));
    }

    [Fact]
    public void A_method_may_get_further_parameters()
    {
        var (older, newer) = (ShapeOf<IOlderMethods>("Method"), ShapeOf<INewerMethods>("Method"));
        var (olderCall, newerCall) = (NewCall(older), NewCall(newer));
        newer.Arguments[0].SetValue(newerCall, 5);
        newer.Arguments[1].SetValue(newerCall, "b");
        newer.Arguments[2].SetValue(newerCall, ImmutableArray.Create(1));

        _codecs.CodecOf(older).ReadArguments(Written(newer, newerCall), olderCall);
        var again = NewCall(newer);
        _codecs.CodecOf(newer).ReadArguments(Written(older, olderCall), again);

        Assert.Equal(5, older.Arguments[0].GetValue(olderCall));
        Assert.Equal((5, null), (newer.Arguments[0].GetValue(again), newer.Arguments[1].GetValue(again)));
    }

    [Fact]
    public void A_grain_or_observer_itself_cannot_be_sent()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => _codecs.Write<ICodedObserver>(new Observer()));

        Assert.StartsWith("Observer is sent as ICodedObserver, but it is the object itself", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_to_nobody_is_refused()
    {
        var nobody = _codecs.Write(new WireReference(default));

        Assert.Throws<WireFormatException>(() => _codecs.Read<ICodedGrain>(nobody));
    }

    [Fact]
    public void A_reference_to_another_interface_is_refused()
    {
        var codecs = new WireCodecs(new WrongReferences());

        Assert.Throws<WireFormatException>(() => codecs.Read<ICodedGrain>(_codecs.Write(new WireReference(GrainId.Create("a", "b")))));
    }

    [Fact]
    public void Contracts_that_can_be_sent_pass() => _codecs.Require([typeof(ICodedGrain), typeof(INewerMethods)]);

    [Fact]
    public void Others_are_found_at_start_up_each_with_a_sentence()
    {
        var exception = Assert.Throws<OrleansConfigurationException>(() => _codecs.Require([typeof(ICodedGrain), typeof(IUnsendable)]));

        Assert.Equal(
            [
                "Parameter holders of IUnsendable.Take is ImmutableArray<Holder>, whose element is Holder, whose member Held is Unmarked, which is not marked [GenerateSerializer].",
                "IUnsendable.Give returns Unmarked, which is not marked [GenerateSerializer].",
                "Parameter anything of IUnsendable.Cut is Object, which is not marked [GenerateSerializer].",
                "Parameter two of IUnsendable.Cut is SameId, whose members A and B have the same [Id].",
                "Parameter no of IUnsendable.Cut is NoWay, whose member Computed cannot be both read and set.",
                "Parameter derived of IUnsendable.Derive is Derived, whose base class NotMarked is not marked [GenerateSerializer].",
                "Parameter unknown of IUnsendable.Derive is IUnknown, of which no type is known that is marked [GenerateSerializer].",
                "Parameter endless of IUnsendable.Derive is Endless<Int32>, which holds types that hold others without end.",
                "Parameter function of IUnsendableObserver.Tell is Func<Int32>, which is not marked [GenerateSerializer].",
            ],
            exception.Message.Split(Environment.NewLine));
    }

    [Fact]
    public void A_type_that_cannot_be_sent_is_refused_when_it_is_met()
    {
        var exception = Assert.Throws<OrleansConfigurationException>(() => _codecs.Write(new Holder(null)));

        Assert.Equal("What is sent to another process is Holder, whose member Held is Unmarked, which is not marked [GenerateSerializer].", exception.Message);
    }

    private static MethodShape ShapeOf<T>(string method) => ProxyType.Of(typeof(T)).Methods.Single(shape => shape.Method.Name == method);

    private static MethodCall NewCall(MethodShape shape) => (MethodCall)Activator.CreateInstance(shape.Arguments[0].DeclaringType!)!;

    private object?[] RoundTrip(string method, params object?[] arguments)
    {
        var shape = ShapeOf<ICodedGrain>(method);
        // A call without arguments has no field to find its class by; any other stands for it.
        var (sent, received) = shape.Arguments.Length > 0 ? (NewCall(shape), NewCall(shape)) : (NewCall(ShapeOf<IOlderMethods>("Method")), NewCall(ShapeOf<IOlderMethods>("Method")));
        for (var i = 0; i < arguments.Length; i++)
        {
            shape.Arguments[i].SetValue(sent, arguments[i]);
        }

        _codecs.CodecOf(shape).ReadArguments(Written(shape, sent), received);
        return Array.ConvertAll(shape.Arguments, field => field.GetValue(received));
    }

    private ReadOnlyMemory<byte> Written(MethodShape shape, MethodCall call)
    {
        var output = new ArrayBufferWriter<byte>();
        _codecs.CodecOf(shape).WriteArguments(output, call);
        return output.WrittenMemory;
    }

    private T Result<TInterface, T>(string method, T value)
    {
        var codec = _codecs.CodecOf(ShapeOf<TInterface>(method));
        var output = new ArrayBufferWriter<byte>();
        codec.WriteResult(output, value);
        return codec.ReadResult<T>(output.WrittenMemory);
    }

    private sealed class Observer : ICodedObserver
    {
        public void Tell(Point point) => throw new NotSupportedException();
    }

    private sealed class WrongReferences : IWireReferences
    {
        private readonly FakeReferences _inner = new();

        public WireReference Describe(GrainReference reference) => _inner.Describe(reference);

        public GrainReference Resolve(Type interfaceType, WireReference reference) => _inner.Create(typeof(ICodedObserver), reference.GrainId);
    }
}

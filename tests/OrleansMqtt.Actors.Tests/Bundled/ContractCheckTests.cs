using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Contracts;

namespace OrleansMqtt.Actors.Tests.Bundled;

[Immutable]
internal sealed record Promised(int Number);

internal sealed record NotPromised(int Number);

internal interface IRightGrain : IGrainWithStringKey
{
    Task<string> Values(int number, Guid id, DateTimeOffset time, TimeSpan span, GrainId grain, DayOfWeek day, CancellationToken token);

    ValueTask<Promised?> Promised(Promised value, [Immutable] byte[] bytes, ReadOnlyMemory<byte> memory);

    Task<(int Number, ImmutableArray<Promised> Items)?> Composites(ImmutableList<string> texts, KeyValuePair<string, long> pair, int? maybe);

    Task<IRightGrain> References(IRightObserver observer);

    [return: Immutable]
    Task<byte[]> Marked();
}

internal interface IRightObserver : IGrainObserver
{
    void Tell(Promised value);
}

internal interface IMutableParameter : IGrainWithStringKey
{
    Task Take(byte[] bytes);
}

internal interface IMutableResult : IGrainWithStringKey
{
    Task<NotPromised> Give();
}

internal interface IMutableInside : IGrainWithStringKey
{
    Task Take(ImmutableArray<(int, List<int>)> items);
}

internal interface IMutableObserver : IGrainObserver
{
    void Tell(NotPromised value);
}

internal interface IWithMutableObserver : IGrainWithStringKey
{
    Task Subscribe(IMutableObserver observer);
}

internal interface IReturnsNoTask : IGrainWithStringKey
{
    int Now();
}

internal interface IWithProperty : IGrainWithStringKey
{
    Task<int> Number { get; }
}

internal interface IGenericMethod : IGrainWithStringKey
{
    Task Take<T>();
}

internal interface IByReference : IGrainWithStringKey
{
    Task Take(in int number);
}

public class ContractCheckTests
{
    [Fact]
    public void Immutable_contracts_pass() => ContractCheck.Require([typeof(IRightGrain)]);

    [Theory]
    [InlineData(typeof(IMutableParameter), "Parameter bytes of IMutableParameter.Take is Byte[], which is not [Immutable].")]
    [InlineData(typeof(IMutableResult), "IMutableResult.Give returns NotPromised, which is not [Immutable].")]
    [InlineData(typeof(IMutableInside),
        "Parameter items of IMutableInside.Take is ImmutableArray<ValueTuple<Int32, List<Int32>>>, which is not [Immutable].")]
    [InlineData(typeof(IWithMutableObserver), "Parameter value of IMutableObserver.Tell is NotPromised, which is not [Immutable].")]
    [InlineData(typeof(IReturnsNoTask), "IReturnsNoTask.Now returns Int32 instead of a Task or ValueTask.")]
    [InlineData(typeof(IWithProperty), "IWithProperty has the property Number, but grains have methods only.")]
    [InlineData(typeof(IGenericMethod), "IGenericMethod.Take is generic, which this runtime does not support.")]
    [InlineData(typeof(IByReference), "Parameter number of IByReference.Take is passed by reference, but calls are messages.")]
    public void Others_are_refused_with_a_sentence(Type contract, string sentence)
    {
        var exception = Assert.Throws<OrleansConfigurationException>(() => ContractCheck.Require([contract]));

        Assert.Equal(sentence, exception.Message);
    }
}

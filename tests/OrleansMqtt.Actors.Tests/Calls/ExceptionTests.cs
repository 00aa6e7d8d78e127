using Orleans;
using Orleans.Concurrency;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Calls;

internal interface IFailingGrain : IGrainWithStringKey
{
    Task Throw(string message);

    Task<int> ThrowLater(string message);

    ValueTask<int> ThrowValue(string message);

    ValueTask ThrowValueLater(string message);

    Task Cancel();

    Task CallFailing(string message);

    /// <summary>Waits at the gate, and arrives there once more when it is cancelled.</summary>
    Task Wait(string gate, CancellationToken token);

    [OneWay]
    Task Send(string gate, bool fail);
}

internal sealed class FailingGrain : Grain, IFailingGrain
{
    public Task Throw(string message) => throw new InvalidOperationException(message);

    public async Task<int> ThrowLater(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public ValueTask<int> ThrowValue(string message) => throw new InvalidOperationException(message);

    public async ValueTask ThrowValueLater(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    public Task Cancel() => Task.FromCanceled(new CancellationToken(canceled: true));

    public Task CallFailing(string message) => GrainFactory.GetGrain<IFailingGrain>("inner").ThrowLater(message);

    public async Task Wait(string gate, CancellationToken token)
    {
        await using var registration = token.Register(Gates.Of(gate).Arrive);
        await Gates.Of(gate).PassAsync();
    }

    public async Task Send(string gate, bool fail)
    {
        await Gates.Of(gate).PassAsync();
        if (fail)
        {
            throw new InvalidOperationException("Nobody sees this.");
        }
    }
}

public class ExceptionTests
{
    [Fact]
    public async Task Exceptions_reach_the_caller_as_themselves()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<IFailingGrain>("a");

        await AssertThrown(() => grain.Throw("1"), "1");
        await AssertThrown(() => grain.ThrowLater("2"), "2");
        await AssertThrown(() => grain.ThrowValue("3").AsTask(), "3");
        await AssertThrown(() => grain.ThrowValueLater("4").AsTask(), "4");
        await AssertThrown(() => grain.CallFailing("5"), "5");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(grain.Cancel);
    }

    [Fact]
    public async Task Their_stack_trace_names_the_grains_method()
    {
        await using var cluster = await Cluster.StartAsync();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => cluster.GrainFactory.GetGrain<IFailingGrain>("a").CallFailing("x"));

        Assert.Contains(nameof(FailingGrain) + "." + nameof(FailingGrain.ThrowLater), exception.StackTrace);
    }

    [Fact]
    public async Task A_one_way_call_completes_at_once_and_its_failure_is_nobodys()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<IFailingGrain>("a");
        var gate = Gates.NewName();

        await grain.Send(gate, fail: true);
        await Gates.Of(gate).ArrivalAsync();
        Gates.Of(gate).Open();

        await AssertThrown(() => grain.Throw("served after it"), "served after it");
    }

    [Fact]
    public async Task A_cancellation_reaches_the_grain()
    {
        await using var cluster = await Cluster.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var gate = Gates.NewName();

        var call = cluster.GrainFactory.GetGrain<IFailingGrain>("a").Wait(gate, cancellation.Token);
        await Gates.Of(gate).ArrivalAsync();
        await cancellation.CancelAsync();
        await Gates.Of(gate).ArrivalAsync();
        Gates.Of(gate).Open();

        // Orleans withdraws the call at once, the bundled runtime waits for its end.
        Assert.True(await Record.ExceptionAsync(() => call) is null or OperationCanceledException);
    }

    private static async Task AssertThrown(Func<Task> call, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<InvalidOperationException>(call)).Message);
}

using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Tests.Routing;

public sealed class LaneRunTests
{
    [Fact]
    public void It_is_completed_when_everybody_has_answered_whenever_that_is()
    {
        var run = new LaneRun(3);
        run.Set(0, new RouteResult(2, null));
        run.Expect();
        run.Expect();
        // Before the message has been set.
        run.OnFound(1, 3);
        run.Set(1, new RouteResult(1, null));
        var pending = new PendingPublish();
        run.Expect();
        run.Set(2, new RouteResult(0, pending));
        run.Seal();
        Assert.Equal([2, RouteOutcome.Pending, RouteOutcome.Pending], run.Outcomes);

        run.OnFound(1, 0);
        pending.CompleteFound(4);
        Assert.False(run.Completed.IsCompleted);
        Assert.Equal([2, 4, RouteOutcome.Pending], run.Outcomes);

        run.OnFound(2, 1);
        Assert.True(run.Completed.IsCompleted);
        Assert.Equal([2, 4, 5], run.Outcomes);
    }

    [Fact]
    public void A_failure_of_one_receiver_is_the_outcome_of_the_message()
    {
        var run = new LaneRun(2);
        foreach (var (index, failure) in new Exception[] { new StoreFullException("full"), new IOException() }.Index())
        {
            var pending = new PendingPublish();
            run.Expect();
            run.Set(index, new RouteResult(1, pending));
            pending.Complete(failure);
            run.OnFound(index, 1);
        }
        run.Seal();

        Assert.True(run.Completed.IsCompleted);
        Assert.Equal([RouteOutcome.StoreFull, RouteOutcome.Failed], run.Outcomes);
    }

    [Fact]
    public void One_without_messages_or_without_anybody_to_wait_for_is_completed_at_once()
    {
        var (empty, alone) = (new LaneRun(0), new LaneRun(1));
        empty.Seal();
        alone.Set(0, new RouteResult(0, null));
        alone.Seal();

        Assert.True(empty.Completed.IsCompleted);
        Assert.True(alone.Completed.IsCompleted);
        Assert.Equal([0], alone.Outcomes);
    }
}

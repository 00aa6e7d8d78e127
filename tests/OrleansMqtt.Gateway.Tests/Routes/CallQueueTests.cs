using OrleansMqtt.Gateway.Routes;

namespace OrleansMqtt.Gateway.Tests.Routes;

public class CallQueueTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Work_is_done_one_after_the_other_and_what_is_too_much_is_not_taken()
    {
        var (queue, gate, begun, all) = (new CallQueue(), new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var done = new List<int>();
        Assert.True(queue.TryAdd(() =>
        {
            begun.SetResult();
            return gate.Task;
        }));
        await begun.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
        for (var i = 0; i < 1000; i++)
        {
            var number = i;
            Assert.True(queue.TryAdd(() =>
            {
                done.Add(number);
                if (number == 999) all.SetResult();
                return Task.CompletedTask;
            }));
        }
        Assert.False(queue.TryAdd(static () => Task.CompletedTask));
        Assert.Empty(done);
        gate.SetResult();
        await all.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 1000), done);
    }
}

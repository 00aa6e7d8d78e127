using System.Collections.Immutable;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Grains.Topics;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Topics;

/// <summary>A feed and a replica that answers when the test says so, both on the test's own thread.</summary>
public sealed class ReplicaFeedTests : IRouteReplica
{
    private readonly List<string> _calls = [];
    private readonly Queue<TaskCompletionSource<bool>> _open = new();
    private readonly ReplicaFeed _feed;
    private long _version;

    public ReplicaFeedTests() => _feed = new ReplicaFeed("silo", this, 3, () => new RouteSnapshot(_version, [], default), new ListLogger());

    [Fact]
    public async Task What_comes_during_a_call_goes_together_as_the_next()
    {
        var loaded = _feed.LoadAsync();
        var (first, second, third) = (Change("a"), Change("b"), Change("c"));
        var presence = _feed.SetPresenceAsync(default);
        Assert.Equal(["load 0"], _calls);
        Answer(true);
        await loaded;
        Assert.False(first.IsCompleted);
        Answer(true);
        Answer(true);
        await Task.WhenAll(first, second, third, presence);

        Assert.Equal(["load 0", "0-3 a b c", "presence"], _calls);
    }

    [Fact]
    public async Task One_that_did_not_take_a_change_gets_everything_and_what_waited_with_it()
    {
        await LoadedAsync();
        var first = Change("a");
        var second = Change("b");
        Answer(false); // the first change
        var third = Change("c");
        Answer(true); // everything, with b in it
        await first;
        Answer(true); // c
        await Task.WhenAll(second, third);

        Assert.Equal(["load 0", "0-1 a", "load 2", "2-3 c"], _calls);
    }

    [Fact]
    public async Task One_that_cannot_be_told_fails_who_waited_and_the_next_call_brings_everything()
    {
        await LoadedAsync();
        var first = Change("a");
        Fail(); // the change
        Fail(); // everything
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        var next = _feed.SetPresenceAsync(default);
        Answer(true);
        await next;

        Assert.Equal(["load 0", "0-1 a", "load 1", "load 1"], _calls);
    }

    [Fact]
    public async Task A_presence_that_could_not_be_told_is_told_with_everything()
    {
        await LoadedAsync();
        var presence = _feed.SetPresenceAsync(default);
        Fail();
        await Assert.ThrowsAsync<TimeoutException>(() => presence);
        var next = Change("a");
        Answer(true);
        await next;

        Assert.Equal(["load 0", "presence", "load 1"], _calls);
    }

    Task<bool> IRouteReplica.ApplyAsync(int partition, long from, long to, ImmutableArray<RouteChange> changes) =>
        Called($"{from}-{to} {string.Join(' ', changes.Select(static c => c.Filter))}");

    Task IRouteReplica.LoadAsync(int partition, RouteSnapshot snapshot) => Called($"load {snapshot.Version}");

    Task IRouteReplica.SetPresenceAsync(int partition, RetainedPresence presence) => Called("presence");

    Task IRouteReplica.RevokeAsync(int partition) => Called("revoke");

    private async Task LoadedAsync()
    {
        var loaded = _feed.LoadAsync();
        Answer(true);
        await loaded;
    }

    private Task Change(string filter) => _feed.ChangeAsync(++_version, [RouteChanges.OfGateway("g", filter, removed: false)]);

    private Task<bool> Called(string call)
    {
        _calls.Add(call);
        var answer = new TaskCompletionSource<bool>();
        _open.Enqueue(answer);
        return answer.Task;
    }

    private void Answer(bool taken) => _open.Dequeue().SetResult(taken);

    private void Fail() => _open.Dequeue().SetException(new TimeoutException());
}

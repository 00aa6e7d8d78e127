using OrleansMqtt.Storage.Specification.Faults;
using static OrleansMqtt.Storage.Specification.Samples;

namespace OrleansMqtt.Storage.Specification;

/// <summary>As <see cref="FaultSpecification"/>, of what topic grains store.</summary>
public abstract class FaultyTopicSpecification : FaultyStoreSpecification
{
    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Retained_messages_are_stored_once(Fault fault)
    {
        var retained = new FaultyRetainedStore(Store.Retained, Faults);
        await retained.StoreAsync(0, 0, [Message("1", "a"), Message("1", "b")]);
        await FailAsync(fault, async () => await retained.StoreAsync(0, 0, [Message("2", "a"), Message("", "b"), Message("2", "c")]));
        await retained.StoreAsync(0, 0, [Message("2", "a"), Message("", "b"), Message("2", "c")]);
        var texts = new SortedDictionary<string, string>();
        await foreach (var message in retained.LoadAsync(0)) texts.Add(message.TopicName, message.Text());
        Assert.Equal(new SortedDictionary<string, string> { ["a"] = "2", ["c"] = "2" }, texts);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Routes_are_changed_once(Fault fault)
    {
        var subscriptions = new FaultySubscriptionStore(Store.Subscriptions, Faults);
        await subscriptions.ApplyAsync(0, 0, [Route("a", "c")]);
        await FailAsync(fault, async () => await subscriptions.ApplyAsync(0, 0, [Route("a", "c", removed: true), Route("b", "c")]));
        await subscriptions.ApplyAsync(0, 0, [Route("a", "c", removed: true), Route("b", "c")]);
        Assert.Equal([Route("b", "c")], await subscriptions.LoadAsync(0));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_fence_holds_for_a_write_that_is_tried_again_too_late(Fault fault)
    {
        var (retained, subscriptions) = (new FaultyRetainedStore(Store.Retained, Faults), new FaultySubscriptionStore(Store.Subscriptions, Faults));
        await FailAsync(fault, async () => await retained.StoreAsync(0, 1, [Message("1", "a")]));
        await FailAsync(fault, async () => await subscriptions.ApplyAsync(0, 1, [Route("a", "c")]));
        await FailAsync(fault, async () => await retained.OpenAsync(0, 2));
        await FailAsync(fault, async () => await subscriptions.OpenAsync(0, 2));
        Assert.Equal((2L, 2L), (await retained.OpenAsync(0, 2), await subscriptions.OpenAsync(0, 2)));
        await Assert.ThrowsAsync<InconsistentStateException>(async () => await retained.StoreAsync(0, 1, [Message("1", "a")]));
        await Assert.ThrowsAsync<InconsistentStateException>(async () => await subscriptions.ApplyAsync(0, 1, [Route("a", "c")]));
        Assert.Equal(fault == Fault.AfterWrite ? 1 : 0, (await subscriptions.LoadAsync(0)).Length);
    }
}

using OrleansMqtt.Deadlines;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Specification.Faults;
using static OrleansMqtt.Storage.Specification.Samples;

namespace OrleansMqtt.Storage.Specification;

/// <summary>
/// What must hold when a write fails or is not answered, whatever became of it: tried again it changes nothing more, so that what is stored
/// is what one write would have stored. Each test does a write that goes wrong, then the same again, then looks.
/// </summary>
public abstract class FaultSpecification : FaultyStoreSpecification
{
    private const string Client = "c";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private FaultySessionLog Log => new(Store.Sessions, Faults);

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task An_append_is_done_once(Fault fault)
    {
        await Log.AppendAsync(Client, 1, [Entry(0, identity: Identity(1))]);
        ImmutableArray<SessionLogEntry> entries = [Entry(1, identity: Identity(1)), Entry(2, identity: Identity(2)), Entry(3)];
        await FailAsync(fault, async () => await Log.AppendAsync(Client, 1, entries));
        Assert.Equal([1L], (await Log.AppendAsync(Client, 1, entries)).AsEnumerable());
        Assert.Equal([0L, 2L, 3L], (await Log.ReadAsync(Client, 0, 10)).Select(static s => s.Entry.Sequence));
        Assert.Equal(new SessionLogExtent(4, 3, 9), await Log.OpenAsync(Client, 1));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task An_append_that_is_given_up_may_be_there_whole_and_does_not_stand_in_the_way(Fault fault)
    {
        await FailAsync(fault, async () => await Log.AppendAsync(Client, 1, Entries(0, 2)));
        await Log.AppendAsync(Client, 1, Entries(2, 2));
        Assert.Equal(fault == Fault.AfterWrite ? [0L, 1, 2, 3] : [2L, 3], (await Log.ReadAsync(Client, 0, 10)).Select(static s => s.Entry.Sequence));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task An_update_is_done_once(Fault fault)
    {
        await Log.AppendAsync(Client, 1, Entries(0, 3));
        await Log.UpdateAsync(Client, 1, Stored(new InboundMessage(1, Message("one"))));
        var update = new SessionLogUpdate([0], [1], [new InboundMessage(2, Message("two"))], [1]);
        await FailAsync(fault, async () => await Log.UpdateAsync(Client, 1, update));
        await Log.UpdateAsync(Client, 1, update);
        Assert.Equal([(1L, true), (2L, false)], (await Log.ReadAsync(Client, 0, 10)).Select(static s => (s.Entry.Sequence, s.Released)));
        Assert.Equal([(ushort)2], (await Log.ReadInboundAsync(Client)).Select(static m => m.PacketId));
        Assert.Equal(new SessionLogExtent(3, 2, 3), await Log.OpenAsync(Client, 1));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Opening_and_deleting_are_done_once(Fault fault)
    {
        await Log.AppendAsync(Client, 1, Entries(0, 3));
        await FailAsync(fault, async () => await Log.OpenAsync(Client, 2));
        Assert.Equal(new SessionLogExtent(3, 3, 9), await Log.OpenAsync(Client, 2));
        await FailAsync(fault, async () => await Log.DeleteAsync(Client, 2));
        await Log.DeleteAsync(Client, 2);
        Assert.Equal(new SessionLogExtent(0, 0, 0), await Log.OpenAsync(Client, 3));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_fence_holds_for_a_write_that_is_tried_again_too_late(Fault fault)
    {
        await FailAsync(fault, async () => await Log.AppendAsync(Client, 1, Entries(0, 1)));
        var extent = await Log.OpenAsync(Client, 2);
        await Assert.ThrowsAsync<InconsistentStateException>(async () => await Log.AppendAsync(Client, 1, Entries(0, 1)));
        Assert.Equal(extent, await Log.OpenAsync(Client, 2));
    }

    [Fact]
    public async Task A_write_without_an_answer_is_read_by_others_and_holds_up_nobody()
    {
        Faults.Next(Fault.NoAnswer);
        var append = Log.AppendAsync(Client, 1, Entries(0, 2)).AsTask();
        while (Faults.Held == 0) await Task.Yield();
        Assert.Equal(2, (await Log.ReadAsync(Client, 0, 10)).Length);
        await Log.AppendAsync("other", 1, Entries(0, 1));
        Assert.Equal((2, 2), ((await Log.OpenAsync(Client, 2)).Next, (await Log.OpenAsync(Client, 2)).Count));
        Assert.False(append.IsCompleted);
        Faults.Release();
        Assert.Empty(await append);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Due_times_are_set_and_removed_once(Fault fault)
    {
        var deadlines = new FaultyDeadlineStore(Store.Deadlines, Faults);
        var (first, second) = (new Deadline(Client, DeadlineKind.Will, 1, 1), new Deadline(Client, DeadlineKind.Will, 2, 2));
        await FailAsync(fault, async () => await deadlines.SetAsync(0, first));
        await deadlines.SetAsync(0, first);
        Assert.Equal([first], await deadlines.LoadAsync(0));
        await FailAsync(fault, async () => await deadlines.RemoveAsync(0, first));
        await deadlines.SetAsync(0, second);
        await deadlines.RemoveAsync(0, first);
        Assert.Equal([second], await deadlines.LoadAsync(0));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Connections_are_added_and_removed_once(Fault fault)
    {
        var connections = new FaultyConnectionStore(Store.Connections, Faults);
        await FailAsync(fault, async () => await connections.AddAsync("g", new(Client, 1)));
        await connections.AddAsync("g", new(Client, 1));
        Assert.Equal([new StoredConnection(Client, 1)], await connections.ReadAsync("g"));
        await FailAsync(fault, async () => await connections.RemoveAsync("g", new(Client, 1)));
        await connections.AddAsync("g", new(Client, 2));
        await connections.RemoveAsync("g", new(Client, 1));
        Assert.Equal([new StoredConnection(Client, 2)], await connections.ReadAsync("g"));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_lease_is_taken_renewed_and_given_back_once(Fault fault)
    {
        var leases = new FaultyLeaseStore(Store.Leases, Faults);
        await FailAsync(fault, async () => await leases.AcquireAsync("n", "a", Hour));
        var lease = await leases.AcquireAsync("n", "a", Hour);
        Assert.Equal([lease!], await leases.ReadAsync(""));
        await FailAsync(fault, async () => await leases.RenewAsync(lease!, Hour));
        Assert.Equal(lease!.Token, (await leases.RenewAsync(lease, Hour))?.Token);
        await FailAsync(fault, async () => await leases.ReleaseAsync(lease));
        await leases.ReleaseAsync(lease);
        Assert.Empty(await leases.ReadAsync(""));
        var next = await leases.AcquireAsync("n", "b", Hour);
        await leases.ReleaseAsync(lease);
        Assert.Equal([next!], await leases.ReadAsync(""));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Who_takes_a_lease_again_has_it_and_at_worst_takes_it_for_one_that_was_held(Fault fault)
    {
        var leases = new FaultyLeaseStore(Store.Leases, Faults);
        var first = await leases.TakeAsync("n", "a", Hour);
        await leases.ReleaseAsync(first.Lease);
        await FailAsync(fault, async () => await leases.TakeAsync("n", "b", Hour));
        var second = await leases.TakeAsync("n", "b", Hour);
        Assert.Equal([second.Lease], await leases.ReadAsync(""));
        Assert.Equal((true, fault == Fault.AfterWrite), (second.Lease.Token > first.Lease.Token, second.WasHeld));
    }

    [Fact]
    public async Task A_grains_state_that_failed_before_it_was_written_is_written_again()
    {
        var grains = new FaultyGrainStorage(Store.Grains, Faults);
        var grain = GrainId.Create("session", Client);
        var state = new GrainState<List<string>>(["a"]);
        await FailAsync(Fault.BeforeWrite, () => grains.WriteStateAsync("s", grain, state));
        await grains.WriteStateAsync("s", grain, state);
        await FailAsync(Fault.BeforeWrite, () => grains.ClearStateAsync("s", grain, state));
        await grains.ClearStateAsync("s", grain, state);
        Assert.False(state.RecordExists);
    }

    [Fact]
    public async Task A_grains_state_whose_answer_was_lost_has_to_be_read_again_first()
    {
        var grains = new FaultyGrainStorage(Store.Grains, Faults);
        var grain = GrainId.Create("session", Client);
        var state = new GrainState<List<string>>(["a"]);
        await FailAsync(Fault.AfterWrite, () => grains.WriteStateAsync("s", grain, state));
        // The activation that gets this ends; the next one reads what was written.
        await Assert.ThrowsAsync<InconsistentStateException>(() => grains.WriteStateAsync("s", grain, state));
        await grains.ReadStateAsync("s", grain, state);
        Assert.Equal(["a"], state.State!);
        await grains.WriteStateAsync("s", grain, state);
    }
}

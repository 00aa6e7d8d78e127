using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Tests.Membership.Support;

/// <summary>What becomes of an access to the table.</summary>
internal enum TableFault
{
    None,

    /// <summary>It fails; nothing was done.</summary>
    Before,

    /// <summary>It is done; its answer is lost.</summary>
    After,

    /// <summary>It is done, and answered, when it is released.</summary>
    HangBefore,

    /// <summary>It is done; the answer comes when it is released.</summary>
    HangAfter,
}

/// <summary>One machine's way to the table.</summary>
/// <param name="inner">The table. Its answers come at once.</param>
/// <param name="machine">Where the answers arrive.</param>
internal sealed class FaultyMembershipTable(IMembershipTable inner, MachineTime machine) : IMembershipTable
{
    private readonly List<Action> _hanging = [];

    /// <summary>Decides about each access, by its name.</summary>
    public Func<string, TableFault> Faults { get; set; } = static _ => TableFault.None;

    public int Hanging => _hanging.Count;

    public void Cut() => Faults = static _ => TableFault.Before;

    public void Heal() => Faults = static _ => TableFault.None;

    /// <summary>Lets one of the accesses that hang go on.</summary>
    public void Release(int index)
    {
        var action = _hanging[index];
        _hanging.RemoveAt(index);
        action();
    }

    public void ReleaseAll()
    {
        while (Hanging > 0)
        {
            Release(0);
        }
    }

    public Task InitializeMembershipTable(bool tryInitTableVersion) => inner.InitializeMembershipTable(tryInitTableVersion);

    public Task DeleteMembershipTableEntries(string clusterId) => inner.DeleteMembershipTableEntries(clusterId);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => AccessAsync("cleanup", () => Completed(inner.CleanupDefunctSiloEntries(beforeDate)));

    public Task<MembershipTableData> ReadRow(SiloAddress key) => AccessAsync("read", () => inner.ReadRow(key));

    public Task<MembershipTableData> ReadAll() => AccessAsync("read", inner.ReadAll);

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => AccessAsync("insert", () => inner.InsertRow(entry, tableVersion));

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        AccessAsync("update", () => inner.UpdateRow(entry, etag, tableVersion));

    public Task UpdateIAmAlive(MembershipEntry entry) => AccessAsync("heartbeat", () => Completed(inner.UpdateIAmAlive(entry)));

    private static Task<bool> Completed(Task task)
    {
        Assert.True(task.IsCompletedSuccessfully);
        return Task.FromResult(true);
    }

    private Task<T> AccessAsync<T>(string name, Func<Task<T>> access)
    {
        var fault = Faults(name);
        if (fault == TableFault.Before)
        {
            return Task.FromException<T>(new IOException("Injected: not reached."));
        }

        if (fault == TableFault.HangBefore)
        {
            return Hang(access);
        }

        var answer = access();
        return fault switch
        {
            TableFault.After => Task.FromException<T>(new IOException("Injected: the answer is lost.")),
            TableFault.HangAfter => Hang(() => answer),
            _ => answer,
        };
    }

    // What waits goes on within Release, so that a simulation takes the same course each time.
    private Task<T> Hang<T>(Func<Task<T>> access)
    {
        var completion = new TaskCompletionSource<T>();
        _hanging.Add(() =>
        {
            var answer = access();
            Assert.True(answer.IsCompletedSuccessfully);
            machine.Run(() => completion.SetResult(answer.Result));
        });
        return completion.Task;
    }
}

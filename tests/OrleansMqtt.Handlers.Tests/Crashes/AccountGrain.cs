namespace OrleansMqtt.Handlers.Tests.Crashes;

public sealed class AccountState
{
    public int Balance { get; set; }

    public int Payments { get; set; }

    public int Highest { get; set; }

    /// <summary>Whether each payment was higher than those before it.</summary>
    public bool IsInOrder { get; set; } = true;

    public AppliedMessages Applied { get; set; } = new();
}

internal interface IAccountGrain : IGrainWithStringKey
{
    Task<(int Balance, int Payments, bool IsInOrder)> ReadAsync();

    /// <summary>Forgets what is only in memory.</summary>
    Task LeaveAsync();
}

/// <summary>Has each payment once.</summary>
[TopicHandler("accounts/{id}", Ack = AckMode.Handled, BackOffMilliseconds = 1)]
internal sealed class AccountGrain([PersistentState("account", AccountStorage.Name)] IPersistentState<AccountState> account, CrashPlan plan, ILocalSiloDetails silo)
    : Grain, ITopicHandlerGrain, IAccountGrain
{
    public async Task On(TopicContext context, int amount)
    {
        await plan.PassAsync(CrashPoint.Called, silo.Name);
        if (!account.State.Applied.TryAdd(context.MessageId)) return;
        account.State.Balance += amount;
        account.State.Payments++;
        account.State.IsInOrder &= amount > account.State.Highest;
        account.State.Highest = Math.Max(account.State.Highest, amount);
        await account.WriteStateAsync();
    }

    public Task<(int Balance, int Payments, bool IsInOrder)> ReadAsync() => Task.FromResult((account.State.Balance, account.State.Payments, account.State.IsInOrder));

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

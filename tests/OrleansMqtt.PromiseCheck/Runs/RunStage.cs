namespace OrleansMqtt.PromiseCheck.Runs;

/// <summary>How far a run is, for clients to look at; and where one that cannot go on says so.</summary>
internal sealed class RunStage
{
    private readonly TaskCompletionSource<string?> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isWorking = true;

    /// <summary>Whether clients begin new things: publish, leave, die. Afterwards they finish what they began, and stay.</summary>
    public bool IsWorking => _isWorking;

    /// <summary>Ends with a sentence if this broker cannot be checked.</summary>
    public Task<string?> Failure => _failure.Task;

    /// <summary>From now on clients finish.</summary>
    public void Settle() => _isWorking = false;

    /// <summary>This broker cannot be checked; the first reason counts.</summary>
    public void Fail(string sentence) => _failure.TrySetResult(sentence);
}

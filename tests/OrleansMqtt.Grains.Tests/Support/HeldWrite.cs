namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>A write that has left its writer and does not come to the store before the test says so.</summary>
internal sealed class HeldWrite
{
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed when it has left.</summary>
    public Task Left => _left.Task;

    /// <summary>Lets it come to the store.</summary>
    public void Release() => _released.SetResult();

    /// <summary>To be called by the store.</summary>
    public Task WaitAsync()
    {
        _left.SetResult();
        return _released.Task;
    }
}

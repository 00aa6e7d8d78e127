using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>A message on its way to a grain that stores it, and may fail to.</summary>
/// <param name="stream">What its publisher has on its way; null for a message that nobody sends again.</param>
internal abstract class StreamWrite(PublishStream? stream)
{
    private Exception? _held;

    /// <summary>Whether it is to go with the call that is being made; otherwise one before it has failed, and it fails with it.</summary>
    public bool MayGo() => (_held = stream?.Failure) is null;

    /// <summary>The call has returned or failed. To be told before the next one is made.</summary>
    public void OnReturned(Exception? failure)
    {
        failure = _held ?? failure;
        // A session that has ended takes nothing more: nothing can come before what it did not take.
        if (failure is not (null or SessionEndedException)) stream?.Fail(failure);
        Complete(failure);
    }

    /// <summary>It has been stored, or could not be.</summary>
    protected abstract void Complete(Exception? failure);
}

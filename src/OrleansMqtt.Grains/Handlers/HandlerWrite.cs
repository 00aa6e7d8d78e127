using OrleansMqtt.Handlers;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>A message on its way to a handler.</summary>
/// <param name="handler">The handler.</param>
/// <param name="message">The message.</param>
/// <param name="size">About what it takes in memory.</param>
/// <param name="pending">Who waits for it; null for nobody.</param>
internal class HandlerWrite(TopicHandler handler, Message message, int size, PendingPublish? pending)
{
    private bool _isSettled;

    public TopicHandler Handler => handler;

    public Message Message => message;

    public int Size => size;

    /// <summary>What it is recognized by if the message itself has nothing for that; 0 for one that has, and before it is first sent.</summary>
    public long Number { get; private set; }

    /// <summary>How often the handler has failed with it.</summary>
    public int Failures { get; set; }

    /// <summary>Numbers it, unless it has an identity or a number.</summary>
    public void Identify(ref long last)
    {
        if (Number == 0 && message is { Identity: null, Stamp: null }) Number = Interlocked.Increment(ref last);
    }

    /// <summary>It is done with, at the latest when the queue's own call has ended. False if it was before.</summary>
    /// <param name="failure">What it has failed with; null for nothing.</param>
    public bool Settle(Exception? failure)
    {
        if (_isSettled) return false;
        _isSettled = true;
        Complete(failure);
        return true;
    }

    /// <summary>It is done with.</summary>
    protected virtual void Complete(Exception? failure) => pending?.Complete(IsTold(failure) ? failure : null);

    // What has a session's or a will's identity was taken before, and would come again and again if it failed: the dead letter has it.
    private bool IsTold(Exception? failure) => handler.Ack == AckMode.Handled && (failure is not HandlerFailedException || message.Identity is null or { IsOfLane: true });
}

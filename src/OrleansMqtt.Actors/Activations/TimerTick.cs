using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Activations;

/// <summary>One tick of a grain timer, scheduled like a call that nobody waits for.</summary>
internal sealed class TimerTick(GrainTimer timer) : Call
{
    public override bool AlwaysInterleaves => timer.Interleave;

    public override bool IsReadOnly => false;

    public override bool AwaitsReply => false;

    public override bool KeepsAlive => timer.KeepAlive;

    public override bool Forwardable => false;

    public override string Name => "Timer";

    public override void Run(Mailbox mailbox) => _ = TickAsync(mailbox);

    public override void Fail(Exception exception)
    {
    }

    private async Task TickAsync(Mailbox mailbox)
    {
        try
        {
            await timer.TickAsync();
        }
        catch (Exception exception)
        {
            mailbox.OnCallFailed(this, exception);
            ActivationLog.TickFailed(mailbox.Logger, mailbox, exception);
        }

        mailbox.Finished(this);
        timer.Rearm();
    }
}

namespace OrleansMqtt.Actors.Membership;

/// <summary>The silo, as its membership agent knows it. All but <see cref="OnViewAsync"/> are called under the agent's lock: they return
/// at once and do not call the agent.</summary>
internal interface IMembershipListener
{
    /// <summary>A new view is in force: it already decides who owns a grain. The views come in order, one at a time; the silo confirms each when
    /// the task completes, so it ends what it runs of grains that it no longer owns before that, within bounds of its own. Until then nobody
    /// else takes them over. A failure ends the silo's membership.</summary>
    ValueTask OnViewAsync(MembershipView view);

    /// <summary>The lease has run out: no grain call is taken. <see cref="MembershipAgent.HoldsLease"/> says so already.</summary>
    void OnSuspended();

    /// <summary>The silo is still alive after all, and has its lease again.</summary>
    void OnResumed();

    /// <summary>The silo is no member any more, without having left: it must end. It may join again under a higher generation.</summary>
    /// <param name="reason">One sentence.</param>
    void OnEnded(string reason);
}

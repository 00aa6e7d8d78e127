namespace OrleansMqtt.Actors.Timers;

/// <summary>A clock that wants to know when grains are busy with ticks of their timers. Called under locks: it must not call back.</summary>
internal interface ITickObserver
{
    /// <summary>A timer has become due.</summary>
    void TickBegan();

    /// <summary>The grain has handled it, or never will.</summary>
    void TickEnded();
}

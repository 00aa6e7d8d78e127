using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Observers;

/// <summary>Runs the calls to one observer, one at a time, in the order in which they came.</summary>
internal sealed class ObserverMailbox(TurnEnvironment environment, IGrainObserver observer) : Mailbox
{
    public static readonly GrainType GrainType = GrainType.Create("sys.observer");

    public string Key { get; } = Guid.NewGuid().ToString("N");

    public override object Target { get; } = observer;

    protected override TurnEnvironment Environment { get; } = environment;

    protected override bool IsReentrant => false;

    public override string ToString() => $"observer {Key}";

    public void Delete() => Abandon(new OrleansException($"The observer {Key} was deleted."));

    protected override void OnClosed(List<Call> waiting, Exception? failure)
    {
        foreach (var call in waiting)
        {
            call.Fail(failure!);
        }
    }
}

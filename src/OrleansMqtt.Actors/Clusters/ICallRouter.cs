using Orleans.Runtime;
using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>Finds grains for the references of one silo or client.</summary>
internal interface ICallRouter
{
    /// <summary>Delivers a call to the grain wherever it is, now or soon, or makes it fail. Returns the grain's home where a reference may
    /// remember it; null where it has to ask each time.</summary>
    ICallTarget? Deliver(GrainId grainId, Call call);
}

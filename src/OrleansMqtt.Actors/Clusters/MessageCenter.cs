using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Observers;
using OrleansMqtt.Actors.Proxies;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>
/// The calls between this process and others: writes those that leave and settles them with what comes back, reads those that arrive and
/// answers them. Where a grain is, it asks its <see cref="IClusterMember"/>.
/// </summary>
/// <remarks>
/// A call is sent again by itself only if it was certainly not made: its frame never left, or the process that got it says that it does not
/// hold the grain. Otherwise it fails with <see cref="SiloUnavailableException"/>, and its caller decides.
/// </remarks>
internal sealed partial class MessageCenter : IFrameReceiver, IWireReferences, IWaiting
{
    // By then the views of all concerned have settled, or will not.
    private const int MaxHops = 8;

    private readonly TurnEnvironment _environment;
    private readonly ILogger _logger;
    private readonly WireCodecs _codecs;
    private readonly InterfaceCatalog _interfaces;
    private PeerNetwork? _network;
    private IClusterMember? _member;
    private PeerIdentity? _self;
    private long _correlations;

    /// <param name="environment">The clock of calls' time-outs.</param>
    /// <param name="interfaces">What can be called.</param>
    /// <param name="logger">The log.</param>
    public MessageCenter(TurnEnvironment environment, InterfaceCatalog interfaces, ILogger<MessageCenter> logger)
    {
        (_environment, _interfaces, _logger) = (environment, interfaces, logger);
        _codecs = new WireCodecs(this);
    }

    private PeerNetwork Network => _network ?? throw new InvalidOperationException("The network is not started.");

    private IClusterMember Member => _member ?? throw new InvalidOperationException("The network is not started.");

    private PeerIdentity Self => _self ?? throw new InvalidOperationException("The network is not started.");

    /// <summary>Checks that the contracts of grains can be sent, and what they refer to.</summary>
    /// <exception cref="Orleans.Runtime.OrleansConfigurationException">One cannot; each in a sentence.</exception>
    public void Require(GrainClassCatalog classes) => _codecs.Require(classes.All.SelectMany(static grainClass => grainClass.Interfaces));

    /// <summary>Begins. Calls may come from then on.</summary>
    /// <param name="network">The network, which this is the receiver of; it is started.</param>
    /// <param name="self">Who this process is.</param>
    /// <param name="member">Where grains are.</param>
    public void Start(PeerNetwork network, PeerIdentity self, IClusterMember member)
    {
        (_network, _self, _member) = (network, self, member);
        network.Start(self);
    }

    /// <inheritdoc/>
    public WireReference Describe(GrainReference reference)
    {
        if (reference.GrainId.Type != ObserverMailbox.GrainType)
        {
            return new WireReference(reference.GrainId);
        }

        var home = reference.Target is RemoteObserver remote ? remote.Home : Self;
        return new WireReference(reference.GrainId, ObserverHome.Of(home));
    }

    /// <inheritdoc/>
    public GrainReference Resolve(Type interfaceType, WireReference reference)
    {
        if (reference.GrainId.Type != ObserverMailbox.GrainType)
        {
            return Member.References.Create(interfaceType, reference.GrainId);
        }

        var home = ObserverHome.Parse(reference.Home ?? "") ?? throw new WireFormatException($"\"{reference.Home}\" is no home of an observer.");
        ICallTarget? target = home == Self ? Member.FindObserver(reference.GrainId) : new RemoteObserver(this, home, reference.GrainId);
        return Member.References.Create(interfaceType, reference.GrainId, target);
    }

    private long NextCorrelation() => Interlocked.Increment(ref _correlations);
}

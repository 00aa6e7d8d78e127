using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Hooks;

/// <summary>
/// Code that sees every packet of a connection, in both directions, and decides what becomes of it. Those of a gateway are asked in the order in which they were added. It runs on the thread pool
/// and holds up nobody but its own connection, until keep alive ends that.
/// </summary>
/// <remarks>
/// <para>Received packets come before the broker has looked at them, sent ones as they leave: topics are the client's, without a listener's mount point, and may be aliases; CONNECT has its password. A packet that
/// can't be decoded is not shown: the broker says what is wrong with it.</para>
/// <para>Who changes or drops packets changes the protocol that the client sees: for a dropped PUBLISH of QoS 1 or 2 there is no acknowledgement, say. To allow or deny what clients do, write an
/// <see cref="Security.IAuthorizer"/>.</para>
/// <para>If it throws, that is logged and the connection is closed with 0x83 Implementation specific error.</para>
/// </remarks>
public interface IPacketInterceptor
{
    /// <summary>Whether packets of a listener's connections pass it. Asked once at start; a listener without hooks pays nothing for them. Default: those of all listeners.</summary>
    /// <param name="listener">The listener.</param>
    bool IsFor(ListenerOptions listener) => true;

    /// <summary>A packet is on its way. Calls of one connection and direction come one after the other, in the order of the packets; those of the two directions may come at the same time.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="direction">Which way it goes.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="cancellationToken">Canceled when the connection is over; the verdict is not waited for any longer.</param>
    ValueTask<PacketVerdict> OnPacketAsync(MqttConnection connection, PacketDirection direction, Packet packet, CancellationToken cancellationToken);
}

using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Sessions;

namespace OrleansMqtt.Protocol.Tests.Sessions;

/// <summary>The smallest shell around a broker machine: accepts everyone, allows everything.</summary>
internal sealed class BrokerShell
{
    public BrokerMachine Broker { get; } = new(() => "assigned");

    /// <summary>The wills of connections that ended.</summary>
    public List<Will> Wills { get; } = [];

    /// <summary>Gives the broker's side of a connection bytes, and does what its packets ask for.</summary>
    public void Receive(BrokerClientMachine client, ReadOnlySpan<byte> bytes)
    {
        for (var packets = client.ReceiveBytes(bytes); packets.Count > 0; packets = client.ReceiveBytes([]))
        {
            foreach (var packet in packets)
            {
                Handle(client, packet);
            }
        }

        if (client.Error is not null && client.Connect is not null)
        {
            End(client, null);
        }
    }

    /// <summary>The transport broke.</summary>
    public void Lose(BrokerClientMachine client)
    {
        var wasConnected = client.State == BrokerClientState.Connected;
        client.ConnectionLost();
        if (wasConnected)
        {
            End(client, null);
        }
    }

    private void Handle(BrokerClientMachine client, Packet packet)
    {
        switch (packet)
        {
            case ConnectPacket:
                if (Broker.Accept(client).Will is { } will)
                {
                    Wills.Add(will);
                }

                break;
            case SubscribePacket subscribe:
                Broker.Subscribe(client, subscribe);
                break;
            case UnsubscribePacket unsubscribe:
                Broker.Unsubscribe(client, unsubscribe);
                break;
            case PublishPacket publish:
                var reached = Broker.Publish(client.Session.ClientId, publish);
                if (publish.QoS != QualityOfService.AtMostOnce)
                {
                    client.AcknowledgePublish(publish.PacketId, reached.Count == 0 ? ReasonCode.NoMatchingSubscribers : ReasonCode.Success);
                }

                break;
            case DisconnectPacket disconnect:
                End(client, disconnect);
                break;
        }
    }

    private void End(BrokerClientMachine client, DisconnectPacket? packet)
    {
        if (Broker.ClientDisconnected(client.Session.ClientId, packet) is { } will)
        {
            Wills.Add(will);
            Broker.Publish(null, BrokerMachine.ToMessage(will));
        }
    }
}

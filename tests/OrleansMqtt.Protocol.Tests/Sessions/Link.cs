using System.Text;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Sessions;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Sessions;

/// <summary>A client machine and the broker's machine for it, joined by two queues of packets, each carried on its own.</summary>
internal sealed class Link(BrokerShell shell, ConnectPacket connect)
{
    private readonly Queue<byte[]> _toBroker = new();
    private readonly Queue<byte[]> _toClient = new();

    public ClientConnection Client { get; } = new();

    public BrokerClientMachine Server { get; private set; } = new();

    public List<ClientEvent> Events { get; } = [];

    /// <summary>The payloads that arrived, in order.</summary>
    public IEnumerable<string> Received => Messages.Select(message => Encoding.UTF8.GetString(message.Payload.Span));

    public IEnumerable<PublishPacket> Messages => Events.OfType<ClientMessageReceived>().Select(told => told.Message);

    /// <summary>Connects, and carries everything until nothing is left.</summary>
    public Link Connect()
    {
        StartConnect();
        Link.CarryAll(this);
        Assert.Equal(ClientConnectionState.Connected, Client.State);
        return this;
    }

    public void StartConnect()
    {
        Server = new BrokerClientMachine();
        Client.Connect(connect);
    }

    public Link Subscribe(params Subscription[] subscriptions)
    {
        Client.Subscribe(subscriptions);
        Link.CarryAll(this);
        return this;
    }

    public void Publish(string topic, string payload, QualityOfService qos, bool retain = false) =>
        Assert.Null(Client.Publish(new PublishPacket { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), QoS = qos, Retain = retain }).Error);

    /// <summary>The connection breaks: what was not carried is lost.</summary>
    public void Break()
    {
        _toBroker.Clear();
        _toClient.Clear();
        shell.Lose(Server);
        Events.AddRange(Client.ConnectionLost());
    }

    /// <summary>Carries one packet, preferably to the broker; false if there is none.</summary>
    public bool Carry()
    {
        Cut(Client.GetOutboundData(), _toBroker);
        if (_toBroker.TryDequeue(out var bytes))
        {
            shell.Receive(Server, bytes);
            return true;
        }

        Cut(Server.GetOutboundData(), _toClient);
        if (_toClient.TryDequeue(out bytes))
        {
            Events.AddRange(Client.ReceiveBytes(bytes));
            return true;
        }

        return false;
    }

    /// <summary>Carries packets on all links in turn until none has any.</summary>
    public static void CarryAll(params Link[] links)
    {
        bool carried;
        do
        {
            carried = false;
            foreach (var link in links)
            {
                carried |= link.Carry();
            }
        }
        while (carried);
    }

    private static void Cut(byte[] bytes, Queue<byte[]> packets)
    {
        for (var rest = bytes; rest.Length > 0;)
        {
            Assert.Equal(FrameStatus.Complete, FrameHeader.TryParse(rest.AsSpan(), PacketFeed.NoLimit, out var header, out _));
            packets.Enqueue(rest[..header.TotalLength]);
            rest = rest[header.TotalLength..];
        }
    }
}

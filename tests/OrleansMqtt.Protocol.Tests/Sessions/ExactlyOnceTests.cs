using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Sessions;

/// <summary>Connections that break at every single step of QoS 1 and QoS 2 flows, and are resumed.</summary>
public sealed class ExactlyOnceTests
{
    private static readonly string[] Payloads = ["1", "2", "3", "4"];

    private static readonly bool[] Either = [true, false];

    public static MatrixTheoryData<ProtocolVersion, bool> Cases => new(Enum.GetValues<ProtocolVersion>(), Either);

    [Theory]
    [MemberData(nameof(Cases))]
    [Normative("5.0", "MQTT-4.3.3-6")]
    [Normative("5.0", "MQTT-4.3.3-10")]
    [Normative("5.0", "MQTT-4.4.0-1")]
    [Normative("3.1.1", "MQTT-4.4.0-1")]
    public void QoS_2_messages_arrive_once_and_in_order_wherever_the_connection_breaks(ProtocolVersion version, bool breaksPublisher)
    {
        var steps = Run(version, breaksPublisher, QualityOfService.ExactlyOnce, int.MaxValue, out var received);
        Assert.Equal(Payloads, received);
        Assert.InRange(steps, 16, 100);
        for (var step = 0; step < steps; step++)
        {
            Run(version, breaksPublisher, QualityOfService.ExactlyOnce, step, out received);
            Assert.True(Payloads.SequenceEqual(received), $"Broken at step {step}: {string.Join(' ', received)}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void QoS_1_messages_arrive_at_least_once_wherever_the_connection_breaks(ProtocolVersion version, bool breaksPublisher)
    {
        var steps = Run(version, breaksPublisher, QualityOfService.AtLeastOnce, int.MaxValue, out var received);
        Assert.Equal(Payloads, received);
        for (var step = 0; step < steps; step++)
        {
            Run(version, breaksPublisher, QualityOfService.AtLeastOnce, step, out received);
            Assert.True(Payloads.SequenceEqual(received.Distinct()), $"Broken at step {step}: {string.Join(' ', received)}");
        }
    }

    /// <summary>Carries packet after packet, and breaks one of the two connections before a step. Returns the number of steps.</summary>
    private static int Run(ProtocolVersion version, bool breaksPublisher, QualityOfService qos, int breakAt, out List<string> received)
    {
        var shell = new BrokerShell();
        var subscriber = new Link(shell, Persistent("s", version)).Connect();
        subscriber.Subscribe(new Subscription { Filter = "t", MaximumQoS = qos });
        var publisher = new Link(shell, Persistent("p", version)).Connect();
        Link[] links = [publisher, subscriber];
        Array.ForEach(Payloads, payload => publisher.Publish("t", payload, qos));

        var steps = 0;
        for (var idle = 0; idle < links.Length; steps++)
        {
            if (steps == breakAt)
            {
                var broken = breaksPublisher ? publisher : subscriber;
                broken.Break();
                broken.StartConnect();
                idle = 0;
            }

            idle = links[steps % links.Length].Carry() ? 0 : idle + 1;
        }

        received = [.. subscriber.Received];
        Assert.Equal((0, 0), (publisher.Client.InflightCount, publisher.Client.WaitingCount));
        Assert.All(links, link => Assert.Equal(0, link.Server.Session.Inflight.UnderWayCount + link.Server.Session.QueuedCount));
        Assert.All(links, link => Assert.Empty(link.Server.Session.Received));
        return steps;
    }

    private static ConnectPacket Persistent(string clientId, ProtocolVersion version) => new()
    {
        ClientId = clientId,
        Version = version,
        SessionExpiryInterval = version == ProtocolVersion.V50 ? 3_600 : null,
    };
}

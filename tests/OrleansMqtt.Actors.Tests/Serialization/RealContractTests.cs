using System.Collections.Immutable;
using System.Reflection;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Serialization;
using OrleansMqtt.Gateways;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Actors.Tests.Serialization;

/// <summary>The broker's own contracts.</summary>
public class RealContractTests(ITestOutputHelper output)
{
    private static readonly Type[] Interfaces =
        [.. typeof(Message).Assembly.GetTypes().Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))];

    private readonly FakeReferences _references = new();

    [Fact]
    public void All_can_be_sent()
    {
        Assert.Contains(typeof(ISessionGrain), Interfaces);
        Assert.Contains(typeof(IGatewayEndpoint), Interfaces);
        new WireCodecs(_references).Require(Interfaces);
    }

    [Fact]
    public void All_come_back()
    {
        var codecs = new WireCodecs(_references);
        var values = new RandomValues(new Random(WireHarness.Seed(output)))
        {
            Reference = type => _references.Create(type, GrainId.Create("observer", "gateway-1")),
        };
        var check = GetType().GetMethod(nameof(ComesBack), BindingFlags.NonPublic | BindingFlags.Static)!;
        var types = Interfaces.SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Concat(method.ReturnType.GetGenericArguments()))
            .Distinct().ToArray();
        Assert.Contains(typeof(ConnectRequest), types);
        foreach (var type in types)
        {
            check.MakeGenericMethod(type).Invoke(null, [codecs, values]);
        }
    }

    [Fact]
    public void A_batch_of_messages_comes_back()
    {
        var codecs = new WireCodecs(_references);
        var batch = ImmutableArray.Create(
            new Message("a/b"u8, "\x26"u8, "payload"u8) { QoS = Protocol.Packets.QualityOfService.ExactlyOnce, Retain = true, Publisher = "client", Identity = new("session/client", new(1, 2), new(1, 1)) },
            new Message("ä"u8, [], []) { ExpiresAt = 17 });

        var read = codecs.RoundTrip(batch);

        Assert.Equal(Structure.Of(batch), Structure.Of(read));
        Assert.Equal("payload"u8.ToArray(), read[0].Payload.ToArray());
    }

    [Fact]
    public void A_request_whose_sender_does_not_know_a_member_has_the_usual_value()
    {
        // A connect request without fields.
        var read = new WireCodecs(_references).Read<ConnectRequest>(new byte[] { 0x04, 0x07 });

        Assert.Equal(65_535, read.ReceiveMaximum);
    }

    [Fact]
    public void Mutated_requests_are_values_or_refused()
    {
        var random = new Random(WireHarness.Seed(output));
        var codecs = new WireCodecs(_references);
        var values = new RandomValues(random) { Reference = type => _references.Create(type, GrainId.Create("observer", "gateway-1")) };
        for (var i = 0; i < 5_000; i++)
        {
            Mutate<ConnectRequest>();
            Mutate<ImmutableArray<Message>>();
            Mutate<ImmutableArray<SessionDelivery>>();
            Mutate<RouteSnapshot>();
            Mutate<ImmutableArray<SessionOperation>>();
            Mutate<ImmutableArray<RouteChange>>();
        }

        void Mutate<T>()
        {
            var bytes = MalformedInputTests.Mutation(random, codecs.Write(values.Of<T>()));
            if (Record.Exception(() => codecs.Read<T>(bytes)) is { } exception)
            {
                Assert.IsType<WireFormatException>(exception);
            }
        }
    }

    private static void ComesBack<T>(WireCodecs codecs, RandomValues values)
    {
        for (var i = 0; i < 50; i++)
        {
            var value = values.Of<T>();
            Assert.Equal(Structure.Of(value), Structure.Of(codecs.RoundTrip(value)));
        }
    }
}

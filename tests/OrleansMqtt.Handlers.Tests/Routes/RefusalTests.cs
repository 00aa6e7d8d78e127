using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Handlers.Payloads;
using OrleansMqtt.Handlers.Tests.Routes.Support;
using OrleansMqtt.Routes;
using OrleansMqtt.Routes.Binding;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansMqtt.Handlers.Tests.Routes;

public class RefusalTests
{
    private readonly Bindings _bindings = new();

    [Fact]
    public void What_cannot_be_bound_is_refused_with_what_and_why()
    {
        Assert.Equal(
            "its parameters one and other both would be the payload: one has to have the name of a part of the topic, or to be registered as a service", _bindings.RefusalOf((string one, string other) => { }));
        Assert.StartsWith("its parameter value is not registered as a service, and payloads of type System.IO.Stream are not supported", _bindings.RefusalOf((Stream value) => { }), StringComparison.Ordinal);
        Assert.Equal("its parameter room is a part of the topic, which cannot be parsed as System.Object", _bindings.RefusalOf((object room) => { }));
        Assert.Equal("its parameter what is to be a service, but System.Random is not registered as one", _bindings.RefusalOf(([FromServices] Random what) => { }));
        Assert.Equal("its parameter value is of type System.Int32&, which is not supported", _bindings.RefusalOf((ref int value) => { }));
        Assert.StartsWith("payloads of type System.IO.Stream, which it returns, are not supported", _bindings.RefusalOf(() => Stream.Null), StringComparison.Ordinal);
        Assert.StartsWith("it is async void", _bindings.RefusalOf(Forgotten), StringComparison.Ordinal);
    }

    [Fact]
    public void Connections_have_no_payload_and_take_no_answer()
    {
        Assert.Equal("it returns a value, which would go to nobody: it has to return nothing, Task or ValueTask", _bindings.RefusalOf(() => 7, RouteKind.Connect));
        Assert.Equal("its parameter value, of type System.Double, is no name of its template, and not registered as a service", _bindings.RefusalOf((double value) => { }, RouteKind.Connect));
        Assert.Equal("it returns a FilterDecision, which is for code that is mapped on publishes", _bindings.RefusalOf(() => FilterDecision.Allow, RouteKind.Subscribe));
        Assert.StartsWith("its parameter context, of type OrleansMqtt.Routes.SubscribeContext, is no name", _bindings.RefusalOf((SubscribeContext context) => { }, RouteKind.Connect), StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_without_a_body_and_classes_that_cannot_be_made_are_refused()
    {
        Assert.StartsWith("it has to be a method with a body and without type parameters", RefusalOf(typeof(Generic), nameof(Generic.On)), StringComparison.Ordinal);
        Assert.Contains("is no class of which there can be an instance", RefusalOf(typeof(Abstract), nameof(Abstract.On)), StringComparison.Ordinal);
        Assert.StartsWith("its class cannot be made: ", RefusalOf(typeof(NotMade), nameof(NotMade.On)), StringComparison.Ordinal);

        string RefusalOf(Type type, string method) => _bindings.RefusalOf(RouteTarget.Of(type, type.GetMethod(method)!));
    }

    [Fact]
    public void A_table_refuses_each_route_with_one_sentence()
    {
        Assert.Equal("The handler a.{x is refused: its template \"a/{x\" is malformed: \"{x\" is no level: a name of letters, digits and underscores in braces has to be all of it.", RefusalOf(static routes => routes.MapPublish("a/{x", () => { })));
        Assert.Equal("The handler a-b is refused: TimeoutSeconds has to be above 0 and at most 1800.", RefusalOf(static routes => routes.MapPublish("a", () => { }).WithName("a-b").WithTimeout(0)));
        Assert.Equal("The handler a is refused: Attempts has to be 1 to 1000.", RefusalOf(static routes => routes.MapPublish("a", () => { }).WithAttempts(0)));
        Assert.Equal("The handler a is refused: Order and MovesTo are for filters: return a FilterDecision.", RefusalOf(static routes => routes.MapPublish("a", () => { }).WithOrder(1)));
        Assert.Equal("The handler a/b is refused: its name is no topic level.", RefusalOf(static routes => routes.MapPublish("a", () => { }).WithName("a/b")));
        Assert.Equal("Mapped code and Mapped code both have a handler named n: set Name of one of them.", RefusalOf(static routes =>
        {
            routes.MapPublish("a", () => { }).WithName("n");
            routes.MapPublish("b", () => { }).WithName("n");
        }));
    }

    [Fact]
    public void Several_may_be_mapped_on_the_same_topics_and_have_names_of_their_own()
    {
        var routes = new MqttRoutes();
        routes.MapPublish("sensors/{room}/+", () => { });
        routes.MapPublish("sensors/{room}/+", () => { });
        routes.MapPublish(() => { });
        Assert.Equal(["sensors.{room}.-", "sensors.{room}.--2", "{*topic}"], TableOf(routes).All.Select(static handler => handler.Name));
        Assert.Equal(3, TableOf(routes).Match("sensors/kitchen/temp"u8).Length);
        Assert.Single(TableOf(routes).Match("other"u8));
        Assert.Empty(TableOf(routes).Match("$SYS/broker"u8));
    }

    [Fact]
    public void Nothing_is_mapped_or_changed_any_more_when_the_host_has_started()
    {
        var routes = new MqttRoutes();
        var route = routes.MapPublish("a", () => { });
        TableOf(routes);
        Assert.Throws<InvalidOperationException>(() => routes.MapPublish("b", () => { }));
        Assert.Throws<InvalidOperationException>(() => routes.MapConnect(() => { }));
        Assert.Throws<InvalidOperationException>(() => route.WithName("c"));
    }

    private static string RefusalOf(Action<MqttRoutes> map)
    {
        var routes = new MqttRoutes();
        map(routes);
        return Assert.Throws<OrleansConfigurationException>(() => TableOf(routes)).Message;
    }

    private static HandlerTable TableOf(MqttRoutes routes)
    {
        var services = new ServiceCollection().BuildServiceProvider();
        var codecs = new PayloadCodecs(services);
        return new HandlerTableBuilder(codecs, static type => GrainType.Create(type.Name)).Add(routes.TakePublishes(), new RouteBinder(services, codecs), null).Build([]);
    }

    private static async void Forgotten(string room) => await Task.Yield();

    public sealed class Generic
    {
        public void On<T>()
        {
        }
    }

    public abstract class Abstract
    {
        public void On()
        {
        }
    }

    public sealed class NotMade
    {
        private NotMade()
        {
        }

        public void On()
        {
        }
    }
}

using Microsoft.Extensions.Logging;
using OrleansMqtt.Broker;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.Routes;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Routes.Support;

/// <summary>Two gateways and two silos with mapped code; the tests have topics of their own.</summary>
public sealed class RouteCluster : IAsyncLifetime
{
    private int _names;

    internal RecordingLog Log { get; } = new();

    internal MqttTestCluster Cluster { get; private set; } = null!;

    internal string NewName() => $"n{Interlocked.Increment(ref _names)}-{Guid.NewGuid():N}";

    internal Task<MqttTestClient> ConnectAsync(int gateway = 0) => Cluster.Gateways[gateway].ConnectAsync(NewName());

    public async ValueTask InitializeAsync()
    {
        var routes = new MqttRoutes();
        Map(routes);
        var builder = new MqttTestClusterBuilder();
        builder.ConfigureSilo(silo =>
        {
            silo.UseTopicHandlers();
            silo.Services.AddMqttRoutes(routes);
        });
        builder.ConfigureGatewayServices(services => services.AddMqttRoutes(routes));
        builder.ConfigureLogging(logging => logging.AddProvider(Log));
        Cluster = await HandlerCluster.StartAsync(builder);
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    private static void Map(IMqttRouteBuilder app)
    {
        app.MapPublish("sensors/{room}/temp", (string room, double value, IMqttContext context) => Inbox.Put(room, FormattableString.Invariant($"{value} by {context.Client!.ClientId}, {context.QoS}")));
        app.MapPublish("numbers/{id}/{name}", (int id, string name) => Inbox.Put(name, $"{id}"));
        app.MapPublish("twice/{name}", (string name, TopicContext context) => Inbox.Put(name, $"one {context.MessageId is not null}"));
        app.MapPublish("twice/+", (IMqttContext context) => Inbox.Put(context.Topic[6..], $"two {context.PayloadText}"));
        app.MapPublish((string topic) => Inbox.Put($"every {topic.Split('/')[^1]}", topic));
        app.MapPublish("echo/{name}", (string name, string text) => text == "nothing" ? null : $"{name}: {text}");
        app.MapPublish("gates/{name}", async (string name, string text, IMqttContext context) =>
        {
            Inbox.Put(name, $"{context.Client!.ClientId} {text}");
            if (text == "wait") await Gates.PassAsync(name);
        }).WithAck(AckMode.Handled);
        app.MapPublish("failing/{name}", (string name, int times, IMqttContext context) =>
        {
            Inbox.Put(name, $"{context.Attempt}");
            if (context.Attempt <= times) throw new InvalidOperationException($"attempt {context.Attempt}");
        }).WithName("failing").WithAck(AckMode.Handled).WithAttempts(2, 0);
        app.MapPublish("slow/{name}", async (string name, CancellationToken token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Inbox.Put(name, "cancelled");
        }).WithAck(AckMode.Handled).WithAttempts(1).WithTimeout(0.2);
        app.MapPublish("again/{name}", async (string name, int count, IMqttBroker broker) =>
        {
            if (count > 0) await broker.PublishAsync($"again/{name}", count - 1, QualityOfService.AtLeastOnce);
            Inbox.Put(name, $"{count}");
        }).WithAck(AckMode.Handled);

        app.MapPublish("doors/{name}", (string name, string text, TopicContext context) => text switch
        {
            "no" => FilterDecision.Deny(ReasonCode.QuotaExceeded),
            "move" => FilterDecision.Change(topic: $"moved/{name}"),
            _ => context.Change(text + "!"),
        }).WithMovesTo("moved/{name}");
        app.MapPublish("doors/{name}", async Task<FilterDecision> (IMqttContext context) => await Task.FromResult(context.PayloadText == "late no" ? FilterDecision.Deny() : FilterDecision.Allow)).WithOrder(-1);

        app.MapSubscribe("welcome/{name}", (string name, MqttClientInfo client) => $"hello {client.ClientId} in {name}");
        app.MapSubscribe("welcome/+", () => "second");
        app.MapSubscribe("first/{name}", (string name) =>
        {
            Inbox.Put(name, "asked");
            return (string?)null;
        });
        app.MapSubscribe("first/{name}", () => new { second = true });
        app.MapSubscribe("sites/{site}/+", async (string site, SubscribeContext context) =>
        {
            await context.SendAsync($"sites/{site}/a", 1, QualityOfService.AtMostOnce);
            await context.SendAsync($"sites/{site}/b", 2);
        });
        app.MapSubscribe("ordered/{name}/{step}", async (string name, int step) =>
        {
            if (step == 1) await Gates.PassAsync(name);
            return step;
        });
        app.MapSubscribe("wild/#", (SubscribeContext context) => context.Filter.EndsWith('#') ? "lost" : null);
        app.MapSubscribe("broken/{name}", string (string name) => throw new InvalidOperationException($"broken {name}"));
        app.MapSubscribe("typed/{number}", (int number) => number);
        app.MapSubscribe("hanging/{name}", async (string name, CancellationToken token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return name;
        }).WithTimeout(0.2);
        app.MapConnect(async (MqttClientInfo client, IMqttBroker broker) =>
        {
            if (client.ClientId.StartsWith("greeted-", StringComparison.Ordinal)) await broker.PublishAsync($"clients/{client.ClientId}", $"{client} {client.Version} {client.KeepAliveSeconds} {client.CleanStart}");
            if (client.ClientId.StartsWith("unwanted-", StringComparison.Ordinal)) throw new InvalidOperationException("unwanted");
        });
        app.MapHandlers(typeof(Annotated));
    }
}

using System.Text;
using OrleansMqtt.Samples.Basic;
using OrleansMqtt.Samples.Tests.Support;

namespace OrleansMqtt.Samples.Tests.Basic;

public class BasicTests
{
    [Fact]
    public async Task Code_runs_on_connections_subscriptions_and_publishes()
    {
        await using var app = BasicApplication.Create([.. Applications.Quiet, "--Http:Bind=127.0.0.1:0"]);
        await app.StartAsync(Clusters.Token);
        await using var client = await Applications.ConnectAsync(app, "me");
        await client.SubscribeAsync("clients/latest");
        Assert.Equal(("clients/latest", "me"), await ReceiveAsync(client));
        await client.SubscribeAsync("alarms/kitchen");
        Assert.Equal(("alarms/kitchen", "me will hear of the kitchen"), await ReceiveAsync(client));
        await client.PublishAsync("sensors/kitchen/temperature", "30");
        await client.PublishAsync("sensors/kitchen/temperature", "31");
        Assert.Equal(("alarms/kitchen", "31 degrees"), await ReceiveAsync(client));
        using var http = new HttpClient { BaseAddress = app.HttpAddress };
        using var answer = await http.PostAsync(new Uri("/publish/alarms/kitchen?text=fire", UriKind.Relative), null, Clusters.Token);
        answer.EnsureSuccessStatusCode();
        Assert.Equal(("alarms/kitchen", "fire"), await ReceiveAsync(client));
        await app.StopAsync(Clusters.Token);
    }

    private static async Task<(string Topic, string Text)> ReceiveAsync(MqttTestClient client)
    {
        var message = await client.ReceiveAsync();
        return (message.Topic, Encoding.UTF8.GetString(message.Payload.Span));
    }
}

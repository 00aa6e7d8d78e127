using System.Net;
using OrleansMqtt.Samples.DigitalTwin;
using OrleansMqtt.Samples.Tests.Support;

namespace OrleansMqtt.Samples.Tests.DigitalTwin;

public class TwinApplicationTests
{
    [Fact]
    public async Task A_twin_is_read_by_HTTP()
    {
        await using var app = TwinApplication.Create([.. Applications.Quiet, "--Http:Bind=127.0.0.1:0"]);
        await app.StartAsync(Clusters.Token);
        await using var client = await Applications.ConnectAsync(app, "lamp");
        await client.PublishAsync("twins/lamp/desired", """{"state":{"on":true}}""");
        using var http = new HttpClient { BaseAddress = app.HttpAddress };
        Assert.Equal(
            """{"version":1,"reported":{},"desired":{"on":true},"delta":{"on":true}}""", await http.GetStringAsync(new Uri("/twins/lamp", UriKind.Relative), Clusters.Token));
        using var answer = await http.GetAsync(new Uri("/twins/other", UriKind.Relative), Clusters.Token);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await app.StopAsync(Clusters.Token);
    }
}

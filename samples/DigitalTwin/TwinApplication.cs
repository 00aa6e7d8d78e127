using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orleans;
using OrleansMqtt.Handlers;
using OrleansMqtt.Hosting;

namespace OrleansMqtt.Samples.DigitalTwin;

/// <summary>A broker with twins, which answers <c>GET /twins/{id}</c> where it answers HTTP.</summary>
public static class TwinApplication
{
    /// <summary>Makes it; in a cluster (`Cluster:Redis`) a gateway, whose silos have the twins.</summary>
    /// <param name="arguments">The command line.</param>
    public static MqttApplication Create(params string[] arguments)
    {
        var app = MqttApplication.CreateBuilder(arguments).Build();
        app.MapHttp(static http => http.MapGet("/twins/{id}", ReadAsync));
        return app;
    }

    private static async Task<IResult> ReadAsync(string id, IGrainFactory grains) =>
        await grains.GetGrain<ITwinGrain>(TopicKey.Of(id)).ReadAsync() is { } json ? Results.Text(json, "application/json") : Results.NotFound();
}

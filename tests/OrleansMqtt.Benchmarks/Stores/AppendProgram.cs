using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Redis;

namespace OrleansMqtt.Benchmarks.Stores;

/// <summary>`appends redis CONNECTION DURABILITY [SESSIONS] [SECONDS]`: durable appends a second.</summary>
internal static class AppendProgram
{
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        if (arguments is not ["redis", var connection, var level, .. var rest] || !StoreDurability.TryParse(level, out var durability))
        {
            await error.WriteLineAsync("appends redis CONNECTION DURABILITY [SESSIONS] [SECONDS]");
            return 2;
        }
        var sessions = rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 64;
        var seconds = rest.Length > 1 ? int.Parse(rest[1], CultureInfo.InvariantCulture) : 5;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddMqttRedisStore(new RedisStoreOptions { ConnectionString = connection, ClusterId = "benchmark", Durability = durability }));
        using var host = builder.Build();
        var log = host.Services.GetRequiredService<ISessionLog>();
        await AppendLoad.RunAsync(log, sessions, TimeSpan.FromSeconds(1));
        var (rate, cpu) = await AppendLoad.RunAsync(log, sessions, TimeSpan.FromSeconds(seconds));
        var status = host.Services.GetRequiredService<IStoreStatus>();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{status.Description}, {durability}, {sessions} sessions: {rate:F0} appends/s of 1 KB, {cpu:F1} CPU-s per million in this process. {status.Problem}"));
        return 0;
    }
}

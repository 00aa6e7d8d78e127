using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Storage.Redis.Tests.Support;

namespace OrleansMqtt.Storage.Redis.Tests.Clustering;

/// <summary>A membership table as a client registers it, and a row for it.</summary>
internal static class Membership
{
    public static (IMembershipTable Table, ServiceProvider Services) Open(RedisStoreOptions options, ILogger? log = null)
    {
        var services = new ServiceCollection().AddSingleton(typeof(ILogger<>), typeof(ForwardingLogger<>)).AddSingleton(log ?? NullLogger.Instance).AddRedisClustering(options).BuildServiceProvider();
        return (services.GetRequiredService<IMembershipTable>(), services);
    }

    public static MembershipEntry Row(int port) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 7), Status = SiloStatus.Joining, SiloName = "s", HostName = "h",
        StartTime = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc), IAmAliveTime = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc),
    };
}

using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Handlers.Payloads;

namespace OrleansMqtt.Handlers.Tests.Support;

/// <summary>Tables of handlers without a silo.</summary>
internal static class HandlerTables
{
    /// <summary>The table of these classes.</summary>
    public static HandlerTable Of(params Type[] classes) =>
        new HandlerTableBuilder(new PayloadCodecs(new ServiceCollection().BuildServiceProvider()), static type => GrainType.Create(type.Name)).Build(classes);

    /// <summary>What such a table is refused with.</summary>
    public static string RefusalOf(params Type[] classes) => Assert.Throws<OrleansConfigurationException>(() => Of(classes)).Message;
}

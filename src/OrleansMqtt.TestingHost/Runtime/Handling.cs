using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Grains.Handlers;

namespace OrleansMqtt.TestingHost.Runtime;

/// <summary>Whether topic handlers are at work.</summary>
internal static class Handling
{
    /// <summary>Completes when nothing waits for a handler in any silo that runs.</summary>
    public static async Task DoneAsync(IEnumerable<MqttTestSilo> silos)
    {
        IServiceProvider[] services = [.. silos.Where(static silo => silo.IsActive).Select(static silo => silo.Services)];
        HandlerQueues[] queues = [.. services.Select(static silo => silo.GetRequiredService<HandlerQueues>())];
        TopicHandler[] handlers = [.. services.SelectMany(static silo => silo.GetRequiredService<HandlerTable>().All)];
        bool isDone;
        do
        {
            // One that was found empty may have got something from another that was found empty later: something was done with meanwhile then.
            var settled = Settled(handlers);
            var areEmpty = true;
            foreach (var queue in queues)
            {
                areEmpty &= queue.AreEmpty;
                await queue.DrainAsync();
            }
            isDone = areEmpty && Settled(handlers) == settled;
        }
        while (!isDone);
    }

    private static long Settled(TopicHandler[] handlers) => handlers.Sum(static handler => handler.Counts.Handled + handler.Counts.DeadLettered + handler.Counts.Dropped);
}

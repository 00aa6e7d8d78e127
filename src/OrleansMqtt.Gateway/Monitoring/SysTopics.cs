using System.Globalization;
using System.Reflection;
using System.Text;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Gateway.Monitoring;

/// <summary>Publishes what the broker counts as retained messages below `$SYS/broker`, as other brokers do, at an interval.</summary>
internal sealed class SysTopics(GatewayOptions options, BrokerMetrics metrics, ILocalRouter router, TimeProvider time, IStoreStatus? store = null)
{
    private readonly long _start = time.GetTimestamp();
    private ITimer? _timer;

    private static string Version => Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0";

    /// <summary>Publishes now and at each interval.</summary>
    public void Start()
    {
        if (options.SysInterval == TimeSpan.Zero) return;
        Publish("version", $"OrleansMqtt {Version}");
        PublishAll();
        _timer = time.CreateTimer(_ => PublishAll(), null, options.SysInterval, options.SysInterval);
    }

    /// <summary>Publishes no more.</summary>
    public void Stop() => _timer?.Dispose();

    private void PublishAll()
    {
        var uptime = (long)time.GetElapsedTime(_start).TotalSeconds;
        Publish("uptime", string.Create(CultureInfo.InvariantCulture, $"{uptime} seconds"));
        Publish("time", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        Publish("clients/connected", metrics.Connected);
        Publish("clients/maximum", metrics.MaximumConnected);
        Publish("clients/total", metrics.Accepted);
        Publish("load/bytes/received", metrics.BytesReceived);
        Publish("load/bytes/sent", metrics.BytesSent);
        Publish("messages/received", metrics.PublishesReceived);
        Publish("messages/sent", metrics.Sent);
        Publish("messages/stored", metrics.Waiting);
        Publish("messages/dropped", metrics.TotalDropped);
        foreach (var reason in Enum.GetValues<DropReason>()) Publish($"messages/dropped/{reason}", metrics.Dropped(reason));
        foreach (var kind in Enum.GetValues<RefusalKind>()) Publish($"refused/{kind}", metrics.Refused(kind));
        Publish("overload", metrics.Overload);
        Publish("publish/messages/received", metrics.PublishesReceived);
        Publish("publish/messages/sent", metrics.Sent);
        Publish("retained messages/count", metrics.Retained);
        Publish("subscriptions/count", metrics.Subscriptions);
        Publish("tolerated", metrics.Tolerated);
        // A gateway without a silo has none.
        if (store is not null)
        {
            Publish("store/kind", store.Description);
            Publish("store/durability", store.Durability.ToString());
            Publish("store/problem", store.Problem ?? "none");
        }
        Publish("process/memory/heap", GC.GetTotalMemory(false));
        Publish("process/memory/working set", Environment.WorkingSet);
    }

    private void Publish(string topic, long value) => Publish(topic, value.ToString(CultureInfo.InvariantCulture));

    private void Publish(string topic, string value)
    {
        using var batch = DeliveryBatch.Begin();
        var message = new Message(Encoding.UTF8.GetBytes($"$SYS/broker/{topic}"), [], Encoding.UTF8.GetBytes(value)) { Retain = true, QoS = QualityOfService.AtMostOnce };
        var publish = new PublishView(message);
        router.Route(ref publish);
    }
}

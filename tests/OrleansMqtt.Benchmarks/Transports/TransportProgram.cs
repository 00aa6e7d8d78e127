using System.Diagnostics;
using System.Globalization;

namespace OrleansMqtt.Benchmarks.Transports;

/// <summary>
/// What a transport costs a gateway that runs as a process of its own on this machine: processor time per message, or memory per connection that does nothing. Linux alone, whose
/// /proc says both.
/// </summary>
internal static class TransportProgram
{
    private const string Usage = "After transports: messages|idle URL PROCESS-ID COUNT SECONDS. URL: mqtt, mqtts, ws or wss://host:port. COUNT: messages a second, or connections.";
    private const int Pairs = 200;
    private const int PayloadBytes = 256;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs with the arguments behind <c>transports</c>.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is not [var kind, var url, var process, var count, var seconds] || !int.TryParse(process, out var id) || !int.TryParse(count, out var number) || !int.TryParse(seconds, out var time))
        {
            await errors.WriteLineAsync(Usage);
            return 2;
        }
        var broker = Process.GetProcessById(id);
        if (kind == "idle") await IdleAsync(new Uri(url), broker, number, TimeSpan.FromSeconds(time), output);
        else await MessagesAsync(new Uri(url), broker, number, TimeSpan.FromSeconds(time), output);
        return 0;
    }

    // Pairs of a publisher and a subscriber, QoS 0, each message a write of its own.
    private static async Task MessagesAsync(Uri url, Process broker, int rate, TimeSpan time, TextWriter output)
    {
        var (publishers, subscribers) = (new List<TransportClient>(), new List<TransportClient>());
        for (var i = 0; i < Pairs; i++)
        {
            subscribers.Add(await TransportClient.ConnectAsync(url, $"s{i}"));
            await subscribers[i].SubscribeAsync($"bench/{i}");
            publishers.Add(await TransportClient.ConnectAsync(url, $"p{i}"));
        }
        var receiving = subscribers.ConvertAll(static subscriber => subscriber.CountAsync());
        await PublishAsync(publishers, rate, time / 4);
        var (before, received) = (Cpu(broker), Received());
        await PublishAsync(publishers, rate, time);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var (cpu, messages) = (Cpu(broker) - before, Received() - received);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{url.Scheme}: {messages:N0} messages of {PayloadBytes} B, {messages / time.TotalSeconds:N0}/s, {cpu.TotalMicroseconds / messages:F2} us of the broker's processors each"));
        foreach (var client in publishers.Concat(subscribers)) client.Dispose();
        await Task.WhenAll(receiving);

        long Received() => subscribers.Sum(static subscriber => subscriber.Received);
    }

    private static Task PublishAsync(List<TransportClient> publishers, int rate, TimeSpan time) => Task.WhenAll(publishers.Select((publisher, i) => Task.Run(async () =>
    {
        var (start, sent) = (TimeProvider.System.GetTimestamp(), 0L);
        var packet = TransportClient.Publish($"bench/{i}", PayloadBytes);
        while (TimeProvider.System.GetElapsedTime(start) is var elapsed && elapsed < time)
        {
            for (var due = (long)(elapsed.TotalSeconds * rate / Pairs); sent < due; sent++) await publisher.SendAsync(packet);
            await Task.Delay(Step, TimeProvider.System);
        }
    })));

    private static async Task IdleAsync(Uri url, Process broker, int count, TimeSpan time, TextWriter output)
    {
        var warm = await TransportClient.ConnectAsync(url, "warm");
        await Task.Delay(time, TimeProvider.System);
        var before = Memory(broker);
        var clients = new List<TransportClient>();
        for (var i = 0; i < count; i++) clients.Add(await TransportClient.ConnectAsync(url, $"idle{i}"));
        await Task.Delay(time, TimeProvider.System);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{url.Scheme}: {count:N0} connections, {(Memory(broker) - before) / 1024.0 / count:F1} KiB of the broker's memory each"));
        foreach (var client in clients.Append(warm)) client.Dispose();
    }

    private static TimeSpan Cpu(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static long Memory(Process process)
    {
        process.Refresh();
        return process.WorkingSet64;
    }
}

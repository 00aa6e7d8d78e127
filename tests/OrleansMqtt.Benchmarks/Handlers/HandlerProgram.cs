using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Benchmarks.Handlers;

/// <summary>What it costs that each device has a grain that handles its messages: from the router to the grain and back, in one process, without sockets.</summary>
internal static class HandlerProgram
{
    private const int Largest = 1_000_000, Active = 10_000, Seconds = 10;
    // As many as publishers with their Receive Maximum may have on their way.
    private const int Outstanding = 10_000;

    /// <summary>Runs with the arguments behind <c>handlers</c>: nothing, or how many devices there are.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var devices = Largest;
        if (args.Length > 1 || (args.Length == 1 && !(int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out devices) && devices is >= Active and <= Largest)))
        {
            await errors.WriteLineAsync($"After handlers there may be one number, how many devices there are, {Active:N0} to {Largest:N0} without separators; found: {string.Join(' ', args)}.");
            return 2;
        }
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(static silo => silo.UseLocalhostClustering().AddMqttGrains().AddMqttMemoryStore().UseTopicHandlers(typeof(DeviceGrain), typeof(AllowingGrain)));
        using var host = builder.Build();
        await host.StartAsync();
        using var load = new Load(host.Services.GetRequiredService<ILocalRouter>());
        output.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors.");
        // The code is slow until the compiler has seen it run.
        await load.RunAsync("fleet/warm", Active, 20);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        output.WriteLine(await load.RunAsync("fleet/device", devices, 1) + ", each the first of its device");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(GC.GetTotalMemory(forceFullCollection: true) - before) / devices:N0} bytes per active device, with what is remembered of its topic"));
        output.WriteLine(await load.RunAsync("fleet/device", Active, 50) + $", to {Active:N0} that are active, as fast as it goes");
        await load.RunAsync("checked/device", Active, 20);
        output.WriteLine(await load.RunAsync("checked/device", Active, 50) + $", through {Active:N0} filters that are active, to nobody");
        output.WriteLine(await PaceAsync(load));
        await host.StopAsync();
        return 0;
    }

    private static async Task<string> PaceAsync(Load load)
    {
        using var process = Process.GetCurrentProcess();
        var (processor, clock) = (process.TotalProcessorTime, Stopwatch.StartNew());
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var sent = 0;
        while (await timer.WaitForNextTickAsync() && clock.Elapsed.TotalSeconds < Seconds)
            for (var due = (int)(clock.Elapsed.TotalSeconds * Active); sent < due; sent++) await load.SendAsync(Topic("fleet/device", sent % Active));
        await load.DrainAsync();
        process.Refresh();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(process.TotalProcessorTime - processor).TotalSeconds / clock.Elapsed.TotalSeconds:P1} of a core for {Active:N0} devices with a message a second each");
    }

    private static byte[] Topic(string prefix, int number) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}/telemetry"));

    private sealed class Load(ILocalRouter router) : IDisposable
    {
        private readonly SemaphoreSlim _room = new(Outstanding);
        private int _failed;

        public async Task<string> RunAsync(string prefix, int devices, int rounds)
        {
            var topics = Enumerable.Range(0, devices).Select(number => Topic(prefix, number)).ToArray();
            using var process = Process.GetCurrentProcess();
            var (processor, clock) = (process.TotalProcessorTime, Stopwatch.StartNew());
            for (var round = 0; round < rounds; round++)
                foreach (var topic in topics) await SendAsync(topic);
            await DrainAsync();
            process.Refresh();
            var messages = (double)devices * rounds;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{messages / clock.Elapsed.TotalSeconds:N0} messages/s, {(process.TotalProcessorTime - processor).TotalMicroseconds / messages:N2} us of processor time each");
        }

        public async ValueTask SendAsync(byte[] topic)
        {
            if (!_room.Wait(0)) await _room.WaitAsync();
            if (Route(topic).Pending is not { } pending) throw new InvalidOperationException("Nobody handles it.");
            pending.OnCompleted(static state =>
            {
                var (load, publish) = ((Load, PendingPublish))state!;
                if (publish.Failure is not null) Interlocked.Increment(ref load._failed);
                load._room.Release();
            }, (this, pending));
        }

        public async Task DrainAsync()
        {
            for (var i = 0; i < Outstanding; i++) await _room.WaitAsync();
            _room.Release(Outstanding);
            if (_failed > 0) throw new InvalidOperationException($"{_failed} messages failed.");
        }

        public void Dispose() => _room.Dispose();

        private RouteResult Route(byte[] topic)
        {
            var publish = new PublishView { Topic = topic, Payload = "21.5"u8, QoS = QualityOfService.AtLeastOnce, ExpiresAt = Message.Never, Publisher = "fleet" };
            return router.Route(ref publish);
        }
    }
}

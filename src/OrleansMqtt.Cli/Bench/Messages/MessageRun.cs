using OrleansMqtt.Cli.Bench.Clients;
using OrleansMqtt.Cli.Bench.Measuring;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>One run: connect, warm up, measure, wait for what is under way, disconnect.</summary>
/// <param name="broker">Which broker.</param>
/// <param name="settings">What to do.</param>
/// <param name="time">Clock and timers.</param>
internal sealed class MessageRun(BrokerSettings broker, MessageSettings settings, TimeProvider time)
{
    private static readonly TimeSpan DrainRound = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan StallRound = TimeSpan.FromMilliseconds(100);

    /// <summary>How long nothing may move while something is under way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The same after somebody has asked to stop.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(1);

    private readonly MeasuredSpan _span = new();
    private readonly Problems _problems = new();

    /// <summary>How far it is.</summary>
    public RunStatus Status { get; } = new();

    /// <summary>Runs once. Being told to stop is no failure: what was found until then is the result.</summary>
    public async Task<MessageResult> RunAsync(CancellationToken stop)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var fleet = new Fleet(broker, settings, _span, time);
        Interval interval;
        await using (fleet)
        {
            Status.Enter("connecting", () => (double)fleet.ConnectedCount / fleet.Clients.Count, () => fleet.ConnectedCount);
            await ConnectAsync(fleet, stop);
            interval = _problems.IsEmpty && !stop.IsCancellationRequested ? await MeasureAsync(fleet, stop) : default;
        }

        foreach (var refusal in fleet.Publishers.Where(static p => p.Refused > 0).Select(static p => p.Refusal))
            _problems.Add($"The broker refused messages: {refusal} (0x{(byte)refusal:X2}).");
        var latency = new LatencyHistogram();
        foreach (var subscriber in fleet.Subscribers) latency.Add(subscriber.Ledger.Latency);
        return new MessageResult
        {
            Counts = fleet.Counts(),
            Seconds = interval.Seconds,
            SentInSpan = interval.Sent,
            ReceivedInSpan = interval.Received,
            Latency = latency,
            EndedEarly = stop.IsCancellationRequested,
            GeneratorCpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
            Problems = _problems.ToList(),
        };
    }

    private async Task ConnectAsync(Fleet fleet, CancellationToken stop)
    {
        try
        {
            var (door, problem) = await BrokerDoor.FindAsync(broker, stop);
            if (problem is not null) _problems.Add(problem);
            else await fleet.ConnectAsync(door!, _problems, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task<Interval> MeasureAsync(Fleet fleet, CancellationToken stop)
    {
        using var ended = new CancellationTokenSource();
        var helpers = Task.WhenAll(
            KeepAlive.RunAsync(fleet.Clients, time, ended.Token),
            settings.Rate > 0 ? Pacer.RunAsync(fleet.Publishers, time, ended.Token) : Task.CompletedTask);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var isWarm = settings.WarmUp == TimeSpan.Zero;
        var begin = Mark(fleet);
        if (isWarm) _span.Begin(begin.At); // Before the first message is sent.
        var publishing = Task.WhenAll(fleet.Publishers.Select(static publisher => Task.Run(publisher.RunAsync)));
        var end = Task.WhenAny(publishing, fleet.Loss, WatchForStallAsync(fleet, over.Token));
        if (!isWarm && (isWarm = await PassAsync("warming up", settings.WarmUp, end, fleet, stop)))
        {
            begin = Mark(fleet);
            _span.Begin(begin.At);
        }

        var isFull = isWarm && await PassAsync("measuring", settings.Duration, end, fleet, stop);
        var finish = Mark(fleet);
        _span.End(finish.At);
        foreach (var publisher in fleet.Publishers) publisher.Stop();
        await publishing;
        await over.CancelAsync();
        await DrainAsync(fleet, stop);
        if (isWarm && !isFull && HasSentAll(fleet)) finish = Mark(fleet) with { At = LastReceipt(fleet, finish.At) };
        await ended.CancelAsync();
        await helpers;
        return isWarm ? Interval.Between(begin, finish, time) : default;
    }

    /// <summary>Lets time pass. False if the run is over before, or told to stop.</summary>
    private async Task<bool> PassAsync(string phase, TimeSpan length, Task end, Fleet fleet, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        Status.Enter(phase, () => time.GetElapsedTime(start) / length, () => fleet.Received);
        using var passed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var delay = Task.Delay(length, time, passed.Token);
        var first = await Task.WhenAny(delay, end);
        await passed.CancelAsync();
        return first == delay && delay.IsCompletedSuccessfully;
    }

    /// <summary>Ends, with a problem noted, when nothing moves though something is under way.</summary>
    private async Task WatchForStallAsync(Fleet fleet, CancellationToken over)
    {
        // Between two messages of a slow publisher nothing has to move.
        var patience = settings.Rate > 0 ? Patience + TimeSpan.FromSeconds(2 / settings.Rate) : Patience;
        using var rounds = new PeriodicTimer(StallRound, time);
        var watch = new StandstillWatch(time);
        try
        {
            while (await rounds.WaitForNextTickAsync(over))
            {
                if (watch.StoodFor(Moves(fleet)) < patience) continue;
                _problems.Add($"Nothing moved for {patience.TotalSeconds:0.#} s.");
                return;
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }
    }

    private async Task DrainAsync(Fleet fleet, CancellationToken stop)
    {
        Status.Enter("waiting for what is under way", () => (double)fleet.Received / (fleet.Sent * settings.Copies), () => fleet.Received);
        var acknowledges = settings.QoS != QualityOfService.AtMostOnce;
        var watch = new StandstillWatch(time);
        while (!fleet.Counts().IsComplete(acknowledges) && !fleet.Loss.IsCompleted)
        {
            if (watch.StoodFor(Moves(fleet)) >= (stop.IsCancellationRequested ? ShortPatience : Patience)) return;
            await Task.Delay(DrainRound, time, CancellationToken.None);
        }
    }

    private static long Moves(Fleet fleet) => fleet.Sent + fleet.Received + fleet.Publishers.Sum(static p => p.Acknowledged + p.Refused);

    private bool HasSentAll(Fleet fleet) => settings.Count > 0 && fleet.Publishers.All(publisher => publisher.Sent >= settings.Count);

    private static long LastReceipt(Fleet fleet, long otherwise) =>
        Math.Max(otherwise, fleet.Subscribers.Select(static s => s.Ledger.LastAt).DefaultIfEmpty().Max());

    private Moment Mark(Fleet fleet) => new(time.GetTimestamp(), fleet.Sent, fleet.Received);

    private readonly record struct Moment(long At, long Sent, long Received);

    private readonly record struct Interval(double Seconds, long Sent, long Received)
    {
        public static Interval Between(Moment begin, Moment end, TimeProvider time) =>
            new(time.GetElapsedTime(begin.At, end.At).TotalSeconds, end.Sent - begin.Sent, end.Received - begin.Received);
    }
}

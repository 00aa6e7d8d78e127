using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Simulation;

/// <summary>What a process is to the network.</summary>
internal class Node(string name)
{
    public string Name => name;

    private bool _isAlive = true;

    /// <summary>The process that it is a part of.</summary>
    public Node? In { get; init; }

    public bool IsAlive
    {
        get => _isAlive && In is not { IsAlive: false };
        set => _isAlive = value;
    }

    /// <summary>Until when nothing comes through between it and any other node.</summary>
    public long CutUntil { get; set; }

    /// <summary>Until when it does nothing: what comes meanwhile waits.</summary>
    public long PausedUntil { get; set; }
}

/// <summary>Calls that take their time, come late, come out of order, are lost, or lose their answers. A dead node does nothing any more.</summary>
internal sealed class Network(Random random, ManualTimeProvider time)
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>Whether anything goes wrong.</summary>
    public bool IsHostile { get; set; } = true;

    public Task CallAsync(Node from, Func<Node?> to, Func<Task> body) => CallAsync(from, to, async () =>
    {
        await body();
        return true;
    });

    /// <summary>A call that is carried out at whoever <paramref name="to"/> says when it arrives.</summary>
    public async Task<T> CallAsync<T>(Node from, Func<Node?> to, Func<Task<T>> body)
    {
        await RequireAsync(from.IsAlive);
        await ResumedAsync(from);
        var call = ExecuteAsync();
        using var enough = new CancellationTokenSource();
        await Task.WhenAny(call, Task.Delay(ResponseTimeout, time, enough.Token));
        enough.Cancel();
        await ResumedAsync(from);
        await RequireAsync(from.IsAlive);
        return call.IsCompleted ? await call : throw new TimeoutException();

        async Task<T> ExecuteAsync()
        {
            var (lost, answerLost) = (Happens(0.03), Happens(0.03));
            await Task.Delay(Latency(), time);
            var target = to();
            if (target is not { IsAlive: true }) throw new SiloUnavailableException();
            await RequireAsync(!lost && !IsCut(from) && !IsCut(target));
            await ResumedAsync(target);
            await RequireAsync(target.IsAlive);
            var result = await body();
            await ResumedAsync(target);
            await RequireAsync(target.IsAlive);
            await Task.Delay(Latency(), time);
            await RequireAsync(!answerLost && !IsCut(from) && !IsCut(target));
            return result;
        }
    }

    /// <summary>What a node does by itself takes a moment, and ends with the node.</summary>
    public async Task<T> DoAsync<T>(Node node, Func<ValueTask<T>> work)
    {
        await RequireAsync(node.IsAlive);
        await ResumedAsync(node);
        await Task.Delay(Latency(), time);
        await RequireAsync(node.IsAlive);
        var result = await work();
        await Task.Delay(Latency(), time);
        await ResumedAsync(node);
        await RequireAsync(node.IsAlive);
        return result;
    }

    private bool IsCut(Node node) => IsHostile && (node.CutUntil > time.GetTimestamp() || (node.In is { } process && IsCut(process)));

    private async Task ResumedAsync(Node node)
    {
        var process = node.In ?? node;
        while (IsHostile && process.PausedUntil > time.GetTimestamp()) await Task.Delay(TimeSpan.FromTicks(process.PausedUntil - time.GetTimestamp()), time);
    }

    private bool Happens(double probability) => random.NextDouble() < probability && IsHostile;

    private TimeSpan Latency() => TimeSpan.FromMilliseconds(Happens(0.03) ? random.Next(10_000) : 1 + random.Next(20));

    private static Task RequireAsync(bool condition) => condition ? Task.CompletedTask : new TaskCompletionSource().Task;
}

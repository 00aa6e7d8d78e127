namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>Pings connections often enough, whether or not they are busy.</summary>
internal static class KeepAlive
{
    /// <summary>What CONNECT asks for, in seconds.</summary>
    public const ushort Seconds = 60;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    /// <summary>Runs until cancelled, which is no failure.</summary>
    public static async Task RunAsync(IReadOnlyList<BenchClient> clients, TimeProvider time, CancellationToken stop)
    {
        using var rounds = new PeriodicTimer(Round, time);
        try
        {
            for (var round = 1; await rounds.WaitForNextTickAsync(stop); round++)
            {
                foreach (var client in clients)
                {
                    // 0 turns the keep alive off [MQTT-3.1.2-22]; half of it leaves room for a late round.
                    var interval = client.Capabilities.KeepAlive / 2;
                    if (client.Capabilities.KeepAlive != 0 && round % Math.Max(1, interval) == 0 && !client.HasEnded) client.Ping();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}

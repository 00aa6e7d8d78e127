namespace OrleansMqtt.Cli.Bench.Connects;

/// <summary>How many clients connect, and how.</summary>
/// <param name="Clients">How many in all.</param>
/// <param name="Concurrency">How many connect at the same time at most.</param>
/// <param name="Hold">How long all of them stay connected afterwards.</param>
internal sealed record ConnectSettings(int Clients, int Concurrency, TimeSpan Hold);

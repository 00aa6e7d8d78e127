using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

/// <summary>A running mosquitto_sub. Its messages are told from its debug lines by a marker.</summary>
internal sealed class MosquittoSubscriber(ExternalProcess process) : IAsyncDisposable
{
    public const string Marker = "message:";

    public Task<string> SubscribedAsync() => process.LineAsync("Subscribed (mid");

    /// <summary>Waits for a debug line.</summary>
    public Task<string> LineAsync(string part) => process.LineAsync(part);

    /// <summary>Waits for the message that is printed as <paramref name="text"/>; what came before it stays in <see cref="Messages"/>.</summary>
    public Task<string> MessageAsync(string text) => process.LineAsync(line => line == Marker + text, $"message {text}");

    /// <summary>The messages so far.</summary>
    public IReadOnlyList<string> Messages => MessagesIn(process.Output);

    /// <summary>Waits for the end by <c>-C</c>, and returns all messages.</summary>
    public async Task<IReadOnlyList<string>> AllMessagesAsync() => MessagesIn((await process.ExitAsync()).ShouldExitWith(0).Output);

    /// <summary>SIGTERM: mosquitto_sub sends DISCONNECT (in version 5 with reason code 0x04) and ends.</summary>
    public async Task DisconnectAsync()
    {
        process.Terminate();
        await process.ExitAsync();
    }

    /// <summary>SIGKILL: the connection is lost without DISCONNECT.</summary>
    public async Task DieAsync()
    {
        process.Kill();
        await process.ExitAsync();
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static List<string> MessagesIn(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.StartsWith(Marker, StringComparison.Ordinal)).Select(line => line[Marker.Length..])];
}

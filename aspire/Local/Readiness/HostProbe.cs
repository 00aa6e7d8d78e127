using System.Text.RegularExpressions;

namespace OrleansMqtt.AppHost.Local.Readiness;

/// <summary>For hosts: their start line says where their HTTP server is, and <c>/readyz</c> there answers 200 when they serve.</summary>
internal sealed partial class HostProbe(HttpClient http, TimeProvider time) : IReadinessProbe
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    // A host logs each time that it is asked and not ready.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public void Observe(string line)
    {
        if (AddressIn(line) is { } address) _address.TrySetResult(address);
    }

    /// <inheritdoc/>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        var address = await _address.Task.WaitAsync(cancellation);
        var ready = new Uri(address, "/readyz");
        for (var pause = Shortest; !await IsReadyAsync(ready, cancellation); pause = pause * 2 < Longest ? pause * 2 : Longest)
            await Task.Delay(pause, time, cancellation);
    }

    /// <summary>The HTTP address in a start line; null in any other line.</summary>
    public static Uri? AddressIn(string line) => StartLine.Match(line) is { Success: true } match ? new Uri(match.Groups["http"].Value) : null;

    private async Task<bool> IsReadyAsync(Uri ready, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(ready, cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // Refused by a process that is about to end, or not answered in time: it is asked again.
            return false;
        }
    }

    [GeneratedRegex(@"^OrleansMqtt \S+: .*; (?<http>http://[^\s;]+)")]
    private static partial Regex StartLine { get; }
}

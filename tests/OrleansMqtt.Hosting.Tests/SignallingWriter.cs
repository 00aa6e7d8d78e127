namespace OrleansMqtt.Hosting.Tests;

/// <summary>Keeps what is written and says when the first line is there.</summary>
internal sealed class SignallingWriter : StringWriter
{
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<string> FirstLine => _firstLine.Task;

    public override async Task WriteLineAsync(string? value)
    {
        await base.WriteLineAsync(value);
        _firstLine.TrySetResult(value ?? "");
    }
}

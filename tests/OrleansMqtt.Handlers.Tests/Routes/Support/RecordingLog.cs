using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Handlers.Tests.Routes.Support;

/// <summary>The warnings about mapped code, one by one.</summary>
internal sealed class RecordingLog : ILoggerProvider, ILogger
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id is >= 300 and < 310) _lines.Writer.TryWrite($"{formatter(state, exception)} {exception?.Message}".TrimEnd());
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    /// <summary>The next line that has a text; others are passed over.</summary>
    public async Task<string> TakeAsync(string with)
    {
        while (true)
        {
            var line = await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Guard, TestContext.Current.CancellationToken);
            if (line.Contains(with, StringComparison.Ordinal)) return line;
        }
    }
}

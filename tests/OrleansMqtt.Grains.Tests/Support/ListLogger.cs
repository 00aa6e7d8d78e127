using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>A logger that keeps the exceptions it is told.</summary>
internal sealed class ListLogger : ILogger
{
    private readonly Lock _lock = new();
    private readonly List<Exception> _exceptions = [];

    public IReadOnlyList<Exception> Exceptions
    {
        get { lock (_lock) return [.. _exceptions]; }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is null) return;
        lock (_lock) _exceptions.Add(exception);
    }
}

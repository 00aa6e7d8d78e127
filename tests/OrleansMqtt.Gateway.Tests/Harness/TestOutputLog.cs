using System.Globalization;
using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>Warnings and errors of the broker as part of the output of the test that started it.</summary>
internal sealed class TestOutputLog(ITestOutputHelper? output) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(output);

    public void Dispose()
    {
        // Nothing is held.
    }

    private sealed class Logger(ITestOutputHelper? output) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            try
            {
                output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{logLevel}: {formatter(state, exception)} {exception}"));
            }
            catch (InvalidOperationException)
            {
                // The test is over; its broker is still ending.
            }
        }
    }
}

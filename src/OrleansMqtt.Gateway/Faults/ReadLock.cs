using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Gateway.Faults;

/// <summary>A file that is there while a connection of a listener is open, as curl's test servers have one: who finds it waits before he reads the transcript. Any thread.</summary>
internal sealed partial class ReadLock(string path, string listener, ILogger logger)
{
    private readonly Lock _gate = new();
    private int _connections;

    /// <summary>A connection begins. Blocks while the file is written.</summary>
    public void Enter()
    {
        lock (_gate)
            if (++_connections == 1) Try(static path => File.WriteAllBytes(path, []));
    }

    /// <summary>A connection has ended, and all that it said stands in the transcript.</summary>
    public void Leave()
    {
        lock (_gate)
            if (--_connections == 0) Try(File.Delete);
    }

    private void Try(Action<string> change)
    {
        try
        {
            change(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotChanged(logger, listener, path, exception.Message);
        }
    }

    [LoggerMessage(323, LogLevel.Warning, "Listener {Listener}: the lock {File} can't be written or removed: {Reason}")]
    private static partial void LogNotChanged(ILogger logger, string listener, string file, string reason);
}

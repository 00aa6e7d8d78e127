using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Security.Files;

/// <summary>
/// What stands in a file, read again when the file is another one: written anew, renamed over, or a symbolic link on the way to it turned. A new version is read when the file has
/// been the same for one <see cref="Interval"/>, so that nobody reads what is half written. One that cannot be read or understood changes nothing and is warned of once.
/// </summary>
/// <typeparam name="T">What is made of it; immutable.</typeparam>
internal sealed class WatchedFile<T> : IDisposable
    where T : class
{
    /// <summary>How often it is looked at. A change holds after two at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly Func<string, T> _read;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _looking = new();
    private FileStamp _loaded;
    private FileStamp _seen;
    private FileStamp? _refused;
    private volatile T _current;

    /// <summary>Reads it for the first time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it, by its path; a <see cref="FormatException"/> says what is wrong with it, without a secret.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="logger">Where changes and problems are told.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="FormatException">It is not understood.</exception>
    public WatchedFile(string path, Func<string, T> read, TimeProvider time, ILogger logger)
    {
        (_path, _read, _logger) = (path, read, logger);
        _loaded = _seen = FileStamp.Of(path);
        _current = read(path);
        _timer = time.CreateTimer(static self => ((WatchedFile<T>)self!).Look(), this, Interval, Interval);
    }

    /// <summary>There is another <see cref="Current"/>. Called on the thread of a timer.</summary>
    public event Action? Changed;

    /// <summary>What stands in the file.</summary>
    public T Current => _current;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        // A file system that answers slowly is not asked twice at a time.
        if (!_looking.TryEnter()) return;
        try
        {
            var stamp = FileStamp.Of(_path);
            var isSettled = stamp == _seen;
            _seen = stamp;
            if (!isSettled || stamp == _loaded || stamp == _refused || !TryRead(stamp)) return;
        }
        finally
        {
            _looking.Exit();
        }
        WatchedFileLog.Changed(_logger, _path);
        Changed?.Invoke();
    }

    private bool TryRead(FileStamp stamp)
    {
        try
        {
            var content = _read(_path);
            if (FileStamp.Of(_path) != stamp) return false;
            (_current, _loaded, _refused) = (content, stamp, null);
            return true;
        }
        catch (Exception exception)
        {
            _refused = stamp;
            // Of others nobody knows what their text quotes.
            WatchedFileLog.Refused(_logger, _path, exception is FormatException or IOException or UnauthorizedAccessException ? exception.Message.TrimEnd('.') : exception.GetType().Name);
            return false;
        }
    }
}

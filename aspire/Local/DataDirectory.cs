namespace OrleansMqtt.AppHost.Local;

/// <summary>The directory of the Redis server that is started: one at a time writes there.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(FileStream @lock) => _lock = @lock;

    /// <summary>Creates it if it is not there, and takes it. The system gives it back with the end of this process, however that comes.</summary>
    /// <returns>Null, with a sentence, where it is not to be had.</returns>
    public static DataDirectory? Take(string path, out string? problem)
    {
        problem = null;
        try
        {
            Directory.CreateDirectory(path);
            return new DataDirectory(new FileStream(Path.Combine(path, "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"The directory {path} (--data) cannot be used: {exception.Message.TrimEnd('.')}.";
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}

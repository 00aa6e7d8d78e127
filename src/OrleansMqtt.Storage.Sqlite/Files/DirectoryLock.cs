namespace OrleansMqtt.Storage.Sqlite.Files;

/// <summary>Makes the data directory one process' own for as long as it lives: the operating system lets go of the lock with the process, however it ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <summary>Creates the directory if need be and takes it.</summary>
    /// <exception cref="StoreUnusableException">It cannot be created or written, or another process has it.</exception>
    public static DirectoryLock Take(StoreFiles files)
    {
        if (File.Exists(files.Directory)) throw new StoreUnusableException($"Store path {files.Directory} is a file; it must be a directory.");
        try
        {
            Directory.CreateDirectory(files.Directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException($"Store directory {files.Directory} cannot be created: {exception.Message}", exception);
        }
        try
        {
            return new DirectoryLock(new FileStream(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (File.Exists(files.Lock) && exception is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new StoreUnusableException($"Store directory {files.Directory} is in use by another process; each broker needs its own.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException($"Store directory {files.Directory} cannot be written: {exception.Message}", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}

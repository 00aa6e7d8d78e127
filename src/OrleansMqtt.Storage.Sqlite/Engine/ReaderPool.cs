using System.Collections.Concurrent;

namespace OrleansMqtt.Storage.Sqlite.Engine;

/// <summary>Connections that read what is committed, without waiting for the writer. As many reads at once as there are connections.</summary>
/// <param name="path">The file.</param>
/// <param name="size">Most connections.</param>
/// <param name="errors">How failures are answered.</param>
/// <param name="damaged">Is told when SQLite finds the file damaged.</param>
internal sealed class ReaderPool(string path, int size, SqliteErrors errors, Action<SqliteFailure> damaged) : IDisposable
{
    private readonly SemaphoreSlim _free = new(size);
    private readonly ConcurrentBag<SqliteDatabase> _idle = [];

    /// <summary>Reads on a thread of the pool, never on the caller's: it may wait for the disk.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteDatabase, T> read)
    {
        await _free.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Read(read)).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes the connections, once reads that are under way are done.</summary>
    public void Dispose()
    {
        for (var i = 0; i < size; i++) _free.Wait();
        while (_idle.TryTake(out var database)) database.Dispose();
        _free.Dispose();
    }

    private T Read<T>(Func<SqliteDatabase, T> read)
    {
        try
        {
            // A connection that may not write never copies the log of changes into the file: that is the writer's alone.
            if (!_idle.TryTake(out var database)) database = new SqliteDatabase(path, readOnly: true);
            try
            {
                var result = read(database);
                _idle.Add(database);
                return result;
            }
            catch
            {
                // It may still be within a statement, and so hold on to what the file was then.
                database.Dispose();
                throw;
            }
        }
        catch (SqliteFailure failure)
        {
            if (failure.IsDamage) damaged(failure);
            throw errors.Of(failure);
        }
    }
}

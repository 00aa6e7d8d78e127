namespace OrleansMqtt.Processes;

/// <summary>The lines a process has written so far, and those who wait for one of them.</summary>
internal sealed class OutputLog
{
    private const int ExcerptLines = 40;
    private const int ExcerptWidth = 400;

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<Waiter> _waiters = [];
    private bool _ended;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock) return [.. _lines];
        }
    }

    /// <summary>The first and the last lines, with long ones cut: enough for a failure message.</summary>
    public string Excerpt
    {
        get
        {
            var lines = Lines;
            IEnumerable<string> shown = lines.Count <= 2 * ExcerptLines
                ? lines
                : [.. lines.Take(ExcerptLines), $"... {lines.Count - 2 * ExcerptLines} lines left out ...", .. lines.TakeLast(ExcerptLines)];
            return string.Join('\n', shown.Select(line => line.Length <= ExcerptWidth ? line : line[..ExcerptWidth] + "..."));
        }
    }

    public async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line) Add(line);
        End();
    }

    /// <summary>The first line, past or future, that <paramref name="matches"/>; null once the stream ends without one.</summary>
    public Task<string?> FirstAsync(Func<string, bool> matches)
    {
        lock (_lock)
        {
            if (_lines.Find(line => matches(line)) is { } found) return Task.FromResult<string?>(found);
            if (_ended) return Task.FromResult<string?>(null);
            var waiter = new Waiter(matches, new(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiters.Add(waiter);
            return waiter.Found.Task;
        }
    }

    private void Add(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            foreach (var waiter in _waiters)
                if (waiter.Matches(line)) waiter.Found.TrySetResult(line);
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var waiter in _waiters) waiter.Found.TrySetResult(null);
        }
    }

    private sealed record Waiter(Func<string, bool> Matches, TaskCompletionSource<string?> Found);
}

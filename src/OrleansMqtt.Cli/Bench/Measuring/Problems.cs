namespace OrleansMqtt.Cli.Bench.Measuring;

/// <summary>What went wrong, each sentence once with the number of its occurrences, and no more than a screen takes.</summary>
internal sealed class Problems
{
    private const int Most = 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = [];
    private int _others;

    /// <summary>Whether nothing went wrong.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _counts.Count == 0;
        }
    }

    /// <summary>Notes a problem.</summary>
    /// <param name="sentence">The same text for the same kind of problem, whichever connection had it.</param>
    public void Add(string sentence)
    {
        lock (_lock)
        {
            if (_counts.TryGetValue(sentence, out var count)) _counts[sentence] = count + 1;
            else if (_counts.Count < Most) _counts[sentence] = 1;
            else _others++;
        }
    }

    /// <summary>The sentences.</summary>
    public IReadOnlyList<string> ToList()
    {
        lock (_lock)
        {
            var sentences = _counts.Select(static pair => pair.Value == 1 ? pair.Key : $"{pair.Key} ({pair.Value} times)");
            return _others == 0 ? [.. sentences] : [.. sentences, $"{_others} further problems of other kinds."];
        }
    }
}

namespace OrleansMqtt.Processes.Clusters;

/// <summary>A process of a cluster. It can be lost in every way, and comes back at the same addresses.</summary>
/// <param name="name">What failures and plans call it.</param>
/// <param name="launch">Starts the process.</param>
/// <param name="startLine">A part of the line by which it says that it is up.</param>
internal sealed class ClusterPart(string name, Func<ExternalProcess> launch, string startLine) : IAsyncDisposable
{
    private const int KeptTranscripts = 2;
    // Where everything goes that processes say; nowhere unless somebody asks for it.
    private static readonly string? LogDirectory = Environment.GetEnvironmentVariable("ORLEANSMQTT_CLUSTER_LOGS");

    private readonly Queue<string> _transcripts = new();
    private volatile ExternalProcess? _process;

    public string Name { get; } = name;

    public bool IsPaused { get; private set; }

    /// <summary>The process' number; null while it is down.</summary>
    public int? Id => _process?.Id;

    /// <summary>What this process said, and those before it, the latest last.</summary>
    public string Transcript => string.Join('\n', [.. _transcripts.Select(text => $"=== {Name}, before\n{text}"), $"=== {Name}\n{_process?.Transcript ?? "(down)"}"]);

    private ExternalProcess Process => _process ?? throw new InvalidOperationException($"{Name} is down.");

    /// <summary>Starts it, and returns when it says that it is up.</summary>
    public async Task StartAsync()
    {
        if (_process is not null) throw new InvalidOperationException($"{Name} is up.");
        _process = launch();
        await _process.LineAsync(startLine);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        await Process.KillAsync();
        await EndAsync();
    }

    /// <summary>SIGTERM: returns when it has ended.</summary>
    public async Task<ProcessResult> StopAsync()
    {
        Process.Terminate();
        var result = await Process.ExitAsync();
        await EndAsync();
        return result;
    }

    /// <summary>SIGSTOP.</summary>
    public void Pause()
    {
        Process.Pause();
        IsPaused = true;
    }

    /// <summary>SIGCONT.</summary>
    public void Continue()
    {
        Process.Continue();
        IsPaused = false;
    }

    /// <summary>Whatever was done to it, it runs afterwards; also if it has ended by itself, as a silo does that the others hold for dead.</summary>
    public async Task RecoverAsync()
    {
        if (IsPaused) Continue();
        if (_process is { HasExited: true }) await EndAsync();
        if (_process is null) await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await EndAsync();
    }

    public override string ToString() => Name;

    private async Task EndAsync()
    {
        var ended = Process;
        (_process, IsPaused) = (null, false);
        await ended.DisposeAsync();
        if (LogDirectory is not null)
        {
            Directory.CreateDirectory(LogDirectory);
            await File.WriteAllLinesAsync(Path.Combine(LogDirectory, $"{Name}.{ended.Id}.log"), [.. ended.Output, .. ended.Errors]);
        }
        _transcripts.Enqueue(ended.Transcript);
        if (_transcripts.Count > KeptTranscripts) _transcripts.Dequeue();
    }
}

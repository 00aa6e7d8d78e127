namespace OrleansMqtt.Cli.Import;

/// <summary>Makes settings of this project's gateway out of those of a mosquitto.</summary>
internal sealed class MosquittoImport
{
    private readonly ImportedSettings _settings = new();
    private readonly Dictionary<string, MosquittoLine> _global = [];
    private readonly List<MosquittoListener> _listeners = [new()];
    private readonly bool _isPerListener;

    private MosquittoImport(IReadOnlyList<MosquittoLine> lines)
    {
        // It holds for what stands before it too.
        _isPerListener = lines.LastOrDefault(static line => line.Name == "per_listener_settings") is { } line && MosquittoValue.Flag(line) == true;
        foreach (var each in lines) Sort(each);
        // The listener that is not named is there if something is said of it, or if there is no other.
        if (_listeners[0].IsLocal && _listeners.Count > 1) Forget(_listeners[0]);
    }

    /// <summary>Makes them.</summary>
    public static ImportedSettings Of(IReadOnlyList<MosquittoLine> lines)
    {
        var import = new MosquittoImport(lines);
        import.Take();
        return import._settings;
    }

    private void Take()
    {
        var taken = new ImportedListeners(_settings);
        foreach (var listener in _listeners) taken.Take(listener);
        taken.MoveHttp();
        new ImportedChecks(_settings, _global, _listeners, _isPerListener).Take();
        foreach (var (option, key) in (ReadOnlySpan<(string, string)>)[("max_qos", "Limits:MaxQoS"), ("max_topic_alias", "Limits:TopicAliasMaximum")]) TakeShared(option, key);
        foreach (var line in _global.Values.Where(line => !MosquittoListener.Checks.Contains(line.Name))) TakeGlobal(line);
        if (!_global.ContainsKey("persistence")) _settings.Set("Store:Path", "memory");
    }

    private void Sort(MosquittoLine line)
    {
        if (line.Name == "listener") _listeners.Add(new MosquittoListener());
        if (MosquittoListener.Options.Contains(line.Name) || (_isPerListener && MosquittoListener.Checks.Contains(line.Name))) _listeners[^1].Add(line);
        else if (line.Name == "per_listener_settings" && MosquittoValue.Flag(line) is null) _settings.Note(line, "is neither true nor false, and taken as false");
        else if (NoCounterpart.Of(line.Name) is { } reason) _settings.Note(line, reason);
        else if (line.Name != "per_listener_settings") _global[line.Name] = line;
    }

    private void Forget(MosquittoListener listener)
    {
        foreach (var line in listener.Lines) _settings.Note(line, "is about a listener that mosquitto does not open, since others are named and this one has no port");
        _listeners.Remove(listener);
    }

    private void TakeGlobal(MosquittoLine line)
    {
        if (ImportedLimits.TryTake(line, _settings)) return;
        switch (line.Name)
        {
            case "persistence":
                TakePersistence(line);
                break;
            case "persistence_location":
                if (_global.TryGetValue("persistence", out var persistence) && MosquittoValue.Flag(persistence) == true) break;
                _settings.Note(line, "is left out, since persistence is off");
                break;
            default:
                _settings.Note(line, "is not known");
                break;
        }
    }

    private void TakePersistence(MosquittoLine line)
    {
        var isOn = MosquittoValue.Flag(line) == true;
        _settings.Set("Store:Path", !isOn ? "memory" : _global.TryGetValue("persistence_location", out var location) ? location.Value : "data");
        if (isOn) _settings.Note(line, "messages and sessions of mosquitto's database are not taken over; Store:Path is a folder, which gets files beside it");
    }

    // What listeners have in mosquitto, and all of them together here.
    private void TakeShared(string option, string key)
    {
        var lines = _listeners.Select(listener => listener.Find(option)).ToList();
        if (lines.All(line => line is not null && line.Value == lines[0]?.Value) && MosquittoValue.Number(lines[0]!) is >= 0 and var number)
        {
            _settings.Set(key, number);
            return;
        }
        foreach (var line in lines.OfType<MosquittoLine>()) _settings.Note(line, $"{key} holds for all listeners, and not all have the same number; left out");
    }
}

namespace OrleansMqtt.Storage.Redis.Channels;

/// <summary>Says once that something does not work, however often it is tried, and once that it works again.</summary>
internal sealed class ChannelOutage(Action<string> begins, Action ends)
{
    private bool? _isOut;

    /// <summary>It does not work.</summary>
    public void Begin(string problem)
    {
        if (_isOut == true) return;
        _isOut = true;
        begins(problem);
    }

    /// <summary>It works.</summary>
    public void End()
    {
        if (_isOut == false) return;
        _isOut = false;
        ends();
    }
}

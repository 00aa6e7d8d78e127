namespace OrleansMqtt.Storage;

/// <summary>A message has gone to its subscribers, but could not be retained: <see cref="Topics.RetainedLimits"/> allow no more.</summary>
public sealed class RetainedFullException : Exception
{
    /// <summary>Creates it.</summary>
    public RetainedFullException() : base("No more may be retained.") { }
}

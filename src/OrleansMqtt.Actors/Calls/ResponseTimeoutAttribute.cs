using System.Globalization;

namespace Orleans;

/// <summary>
/// How long calls of a method wait for their answers. Here it can only be longer than for calls in general; a shorter time is without effect: a call whose connection ends fails at once, and what
/// hangs is bounded for all calls alike.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute : Attribute
{
    /// <summary>Sets it.</summary>
    /// <param name="timeout">The time, such as <c>00:00:05</c>.</param>
    public ResponseTimeoutAttribute(string timeout) => Timeout = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture);

    /// <summary>The time.</summary>
    public TimeSpan? Timeout { get; init; }
}

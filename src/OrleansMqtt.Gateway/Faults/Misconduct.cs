using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Gateway.Faults;

/// <summary>What is done wrong on one connection.</summary>
/// <param name="Profile">The faults.</param>
/// <param name="Reply">What a subscriber gets by <see cref="FaultProfile.TestNumber"/>; null where there is none.</param>
internal sealed record Misconduct(FaultProfile Profile, byte[]? Reply)
{
    /// <summary>Nothing.</summary>
    public static readonly Misconduct None = new(new FaultProfile(), null);
}

using Orleans.Runtime;

namespace OrleansMqtt.Actors.Tests.Bundled;

/// <summary>What Orleans takes for an identity, and nobody means.</summary>
public class StrictIdentityTests
{
    [Fact]
    public void An_empty_type_is_refused() => Assert.False(GrainId.TryParse("/a", out _));
}

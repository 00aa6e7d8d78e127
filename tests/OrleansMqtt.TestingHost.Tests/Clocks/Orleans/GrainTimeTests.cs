using Orleans.Runtime;

namespace OrleansMqtt.TestingHost.Tests.Clocks;

public class GrainTimeTests
{
    [Fact]
    public async Task Grains_of_Microsoft_Orleans_have_no_clock_of_their_own()
    {
        var refusal = await Assert.ThrowsAsync<OrleansConfigurationException>(() => StartAsync(gateways: 0, silos: 1, configure: static builder => builder.HasVirtualGrainTime = true));
        Assert.Equal("HasVirtualGrainTime is not to be had with Microsoft Orleans, where all grains of a silo have one clock; allowed is false.", refusal.Message);
    }
}

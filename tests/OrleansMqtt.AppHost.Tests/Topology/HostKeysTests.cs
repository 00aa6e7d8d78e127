using OrleansMqtt.AppHost.Topology;

namespace OrleansMqtt.AppHost.Tests.Topology;

public sealed class HostKeysTests
{
    [Fact]
    public void A_key_is_an_argument_or_a_variable()
    {
        Assert.Equal("--Listeners:default:Bind=127.0.0.1:1883", HostKeys.Argument(HostKeys.Listener, "127.0.0.1:1883"));
        Assert.Equal("OrleansMqtt__Listeners__default__Bind", HostKeys.Variable(HostKeys.Listener));
    }
}

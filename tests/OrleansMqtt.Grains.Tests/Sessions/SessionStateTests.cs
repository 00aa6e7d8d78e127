using OrleansMqtt.Grains.Sessions;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Tests.Sessions;

public sealed class SessionStateTests
{
    [Theory]
    [InlineData(10u, 1000L, 10_999L, false)]
    [InlineData(10u, 1000L, 11_000L, true)]
    [InlineData(10u, 0L, long.MaxValue, false)]
    [InlineData(ConnectRequest.NeverExpires, 1000L, long.MaxValue, false)]
    [InlineData(ConnectRequest.NeverExpires - 1, 1L, 4_294_967_294_000L, false)]
    [InlineData(ConnectRequest.NeverExpires - 1, 1L, 4_294_967_294_001L, true)]
    [InlineData(0u, 1000L, 1000L, true)]
    public void A_session_expires_so_many_seconds_after_its_connection_ended(uint expiry, long disconnectedAt, long now, bool expired) =>
        Assert.Equal(expired, new SessionState { Expiry = expiry, DisconnectedAt = disconnectedAt }.HasExpired(now));
}

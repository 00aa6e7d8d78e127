using System.Net;
using Microsoft.AspNetCore.Http;
using OrleansMqtt.Hosting.Http;

namespace OrleansMqtt.Hosting.Tests.Http;

public sealed class LocalCallerTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.9", "localhost", true)]
    [InlineData("::1", "[::1]", true)]
    [InlineData("::ffff:127.0.0.1", "LOCALHOST", true)]
    [InlineData("192.0.2.1", "127.0.0.1", false)]
    [InlineData("192.0.2.1", "192.0.2.1", false)]
    [InlineData("127.0.0.1", "192.0.2.1", false)]
    [InlineData("127.0.0.1", "localhost.example", false)]
    [InlineData("127.0.0.1", "", false)]
    [InlineData(null, "127.0.0.1", false)]
    public void Who_is_here_and_came_by_a_local_name_is_local(string? address, string host, bool expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        context.Request.Host = new HostString(host, 8080);
        Assert.Equal(expected, LocalCaller.Is(context));
    }
}

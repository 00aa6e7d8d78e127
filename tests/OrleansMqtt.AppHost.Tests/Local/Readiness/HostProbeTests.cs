using System.Net;
using OrleansMqtt.AppHost.Local.Readiness;
using OrleansMqtt.Tests;

namespace OrleansMqtt.AppHost.Tests.Local.Readiness;

public sealed class HostProbeTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("OrleansMqtt 1.0.0: silo 127.0.0.1:34793 of cluster orleansmqtt; http://127.0.0.1:39161; store redis 127.0.0.1:44939, durability disk", "http://127.0.0.1:39161/")]
    [InlineData("OrleansMqtt 1.0.0: listening on default mqtt://127.0.0.1:21883 (tcp); http://[::1]:35897; gateway of cluster orleansmqtt", "http://[::1]:35897/")]
    [InlineData("OrleansMqtt 1.0.0: listening on default mqtt://127.0.0.1:21883 (tcp); gateway of cluster orleansmqtt", null)]
    [InlineData("warn: see http://127.0.0.1:80", null)]
    public void The_start_line_has_the_address(string line, string? address) => Assert.Equal(address, HostProbe.AddressIn(line)?.AbsoluteUri);

    [Fact]
    public async Task A_host_is_asked_until_it_is_ready()
    {
        var answers = new Queue<Func<HttpResponseMessage>>([
            static () => throw new HttpRequestException("refused"),
            static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable),
            static () => new HttpResponseMessage(HttpStatusCode.OK),
        ]);
        using var server = new Answering(answers);
        using var http = new HttpClient(server);
        var time = new ManualTimeProvider();
        time.TimerSet += pause => ThreadPool.QueueUserWorkItem(_ => time.Advance(pause));
        var probe = new HostProbe(http, time);
        var waiting = probe.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        probe.Observe("OrleansMqtt 1.0.0: silo; http://127.0.0.1:1; store");
        await waiting.WaitAsync(HangGuard, TestContext.Current.CancellationToken);
        Assert.Empty(answers);
        Assert.Equal("http://127.0.0.1:1/readyz", server.LastAsked?.AbsoluteUri);
    }

    private sealed class Answering(Queue<Func<HttpResponseMessage>> answers) : HttpMessageHandler
    {
        public Uri? LastAsked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            LastAsked = request.RequestUri;
            return Task.FromResult(answers.Dequeue()());
        }
    }
}

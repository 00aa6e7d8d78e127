using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Events;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Handlers.Tests.Filters;

/// <summary>Events that filters deny.</summary>
public class FilteredEventTests
{
    [Fact]
    public async Task An_event_that_a_filter_denies_is_not_published_again()
    {
        var (router, lost) = (new DenyingRouter(), 0L);
        var publisher = new EventPublisher(EventKinds.Connected, () => router, TimeProvider.System, count => lost += count, NullLogger.Instance);
        await publisher.ConsumeAsync([new ClientConnected { ClientId = "a" }, new ClientConnected { ClientId = "b" }], TestContext.Current.CancellationToken);
        Assert.Equal((0, "$events/client/a/connected $events/client/b/connected"), (lost, string.Join(' ', router.Routed)));
    }

    private sealed class DenyingRouter : ILocalRouter
    {
        public List<string> Routed { get; } = [];

        public RouteResult Route(ref PublishView publish)
        {
            Routed.Add(System.Text.Encoding.UTF8.GetString(publish.Topic));
            var denied = new PendingPublish();
            denied.Complete(new PublishDeniedException(ReasonCode.NotAuthorized));
            return new RouteResult(0, denied);
        }

        public RouteResult Redeliver(SharedGroupKey group, Message message, string leavingClient) => throw new NotSupportedException();

        public void Append(string clientId, SessionLogEntry entry, Action<Exception?> done) => throw new NotSupportedException();

        public bool MayHoldRetained(ReadOnlySpan<byte> filter) => throw new NotSupportedException();

        public bool MayHoldRetained(int partition, ReadOnlySpan<byte> filter) => throw new NotSupportedException();

        public Task RetainedStoredAsync(int partition) => throw new NotSupportedException();
    }
}

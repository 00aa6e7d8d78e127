using System.Globalization;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Lanes;

/// <summary>A client that receives and acknowledges all by itself, and keeps what it got.</summary>
internal sealed class Collector
{
    // Only a hang ends here.
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(20);
    private readonly TestClient _client;
    private readonly Lock _lock = new();
    private readonly List<(int Publisher, int Message)> _received = [];
    private readonly Task _reading;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Collector(TestClient client)
    {
        _client = client;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>What has been received when it is enough.</summary>
    public async Task<List<(int Publisher, int Message)>> UntilAsync(Predicate<List<(int Publisher, int Message)>> enough)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (enough(_received)) return [.. _received];
                changed = _changed.Task;
            }
            await changed.WaitAsync(HangGuard);
        }
    }

    /// <summary>What has been received when the broker has nothing more on its way.</summary>
    public async Task<List<(int Publisher, int Message)>> StopAsync()
    {
        await _client.SendAsync(PingReqPacket.Instance);
        await _reading.WaitAsync(HangGuard);
        return _received;
    }

    private async Task ReadAsync()
    {
        while (await _client.ReceiveAsync() is { } packet and not PingRespPacket)
        {
            switch (packet)
            {
                case PublishPacket publish:
                    Add(publish.Text().Split(' '));
                    if (publish.QoS == QualityOfService.AtLeastOnce) await _client.AcknowledgeAsync(PacketType.PubAck, publish.PacketId);
                    if (publish.QoS == QualityOfService.ExactlyOnce) await _client.AcknowledgeAsync(PacketType.PubRec, publish.PacketId);
                    break;
                case AcknowledgementPacket { Type: PacketType.PubRel } release:
                    await _client.AcknowledgeAsync(PacketType.PubComp, release.PacketId);
                    break;
            }
        }
    }

    private void Add(string[] text)
    {
        lock (_lock)
        {
            _received.Add((int.Parse(text[0], CultureInfo.InvariantCulture), int.Parse(text[1], CultureInfo.InvariantCulture)));
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

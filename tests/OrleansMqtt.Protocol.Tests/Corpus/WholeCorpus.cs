namespace OrleansMqtt.Protocol.Tests.Corpus;

/// <summary>The packets of all types.</summary>
internal static class WholeCorpus
{
    internal static IReadOnlyList<CorpusPacket> Packets { get; } =
    [
        .. ConnectCorpus.Packets, .. ConnAckCorpus.Packets, .. PublishCorpus.Packets, .. AcknowledgementCorpus.Packets,
        .. SubscribeCorpus.Packets, .. SubAckCorpus.Packets, .. UnsubscribeCorpus.Packets, .. UnsubAckCorpus.Packets,
        .. PingCorpus.Packets, .. DisconnectCorpus.Packets, .. AuthCorpus.Packets,
    ];
}

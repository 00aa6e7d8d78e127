using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Sessions;

/// <summary>What became of a connection offered to <see cref="BrokerMachine.Accept"/>.</summary>
/// <param name="Reason">What CONNACK says.</param>
/// <param name="TakenOver">
/// The client's connection before, which has a DISCONNECT to send and is then to be closed [MQTT-3.1.4-3]; null if there was none.
/// </param>
/// <param name="Will">The will of that connection, to be published as of any that is lost; null if it had none.</param>
public sealed record BrokerConnectResult(ReasonCode Reason, BrokerClientMachine? TakenOver, Will? Will);

namespace OrleansMqtt.Gateway.Listeners.WebSockets;

/// <summary>A client has breached the WebSocket protocol, or what MQTT asks of it, and has been told so.</summary>
/// <param name="problem">What it did.</param>
internal sealed class FrameException(string problem) : IOException($"in its WebSocket {problem}");

using System.Net;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>What is known of a connection that has come through more than an accept.</summary>
/// <param name="Client">Where a load balancer says that the client is; null where none does.</param>
/// <param name="Since">When it was accepted, a tick of the heartbeat.</param>
/// <param name="IsRefused">Whether its listener has no place for it.</param>
internal readonly record struct Arrival(IPEndPoint? Client, long Since, bool IsRefused);

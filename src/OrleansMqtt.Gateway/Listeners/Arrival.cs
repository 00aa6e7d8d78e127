using System.Net;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>What is known of a connection that has come through more than an accept.</summary>
/// <param name="Client">Where a load balancer says that the client is; null where none does.</param>
/// <param name="Since">When it was accepted, a tick of the heartbeat.</param>
/// <param name="IsRefused">Whether its listener has no place for it.</param>
/// <param name="HasPlace">Whether there is a place for it among the connections of its address.</param>
/// <param name="Place">That place, which it gives back when it ends.</param>
internal readonly record struct Arrival(IPEndPoint? Client, long Since, bool IsRefused, bool HasPlace, ulong Place);

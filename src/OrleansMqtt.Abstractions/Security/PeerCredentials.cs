namespace OrleansMqtt.Security;

/// <summary>Who is at the other end of a UNIX socket, as the kernel says.</summary>
/// <param name="ProcessId">Its process when it connected.</param>
/// <param name="UserId">Its effective user.</param>
/// <param name="GroupId">Its effective group.</param>
public sealed record PeerCredentials(int ProcessId, uint UserId, uint GroupId);

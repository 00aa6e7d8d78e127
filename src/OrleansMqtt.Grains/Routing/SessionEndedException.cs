namespace OrleansMqtt.Grains.Routing;

/// <summary>Messages came for a session that has ended. Never leaves the router.</summary>
internal sealed class SessionEndedException : Exception;

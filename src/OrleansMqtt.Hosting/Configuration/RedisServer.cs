namespace OrleansMqtt.Hosting.Configuration;

/// <summary>A Redis server that the configuration names.</summary>
/// <param name="ConnectionString">As StackExchange.Redis has it.</param>
/// <param name="Key">The key that named it, for messages.</param>
internal sealed record RedisServer(string ConnectionString, string Key);

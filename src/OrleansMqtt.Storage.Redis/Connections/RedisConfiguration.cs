using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>Makes the client's configuration from the connection string.</summary>
internal static class RedisConfiguration
{
    /// <exception cref="StoreUnusableException">The connection string is not one.</exception>
    public static ConfigurationOptions Parse(RedisStoreOptions options)
    {
        ConfigurationOptions configuration;
        try
        {
            configuration = ConfigurationOptions.Parse(options.ConnectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw new StoreUnusableException($"{options.SettingName} is not a StackExchange.Redis connection string: {exception.Message}", exception);
        }
        if (configuration.EndPoints.Count == 0) throw new StoreUnusableException($"{options.SettingName} names no address: give host:port.");
        configuration.SetDefaultPorts();
        configuration.AbortOnConnectFail = true;
        configuration.ConnectRetry = 1;
        // A lost connection is replaced by a new link, never made again underneath: see RedisLink.
        configuration.ReconnectRetryPolicy = new LinearRetry(int.MaxValue);
        // Nothing is subscribed to; without the command there is no second connection.
        configuration.CommandMap = CommandMap.Create(["SUBSCRIBE", "PSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE"], available: false);
        configuration.TieBreaker = "";
        configuration.ConfigurationChannel = "";
        return configuration;
    }
}

using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>What to do about a failed command.</summary>
internal enum RedisFailure
{
    /// <summary>Give it up: repeating it would fail again.</summary>
    Final,

    /// <summary>The connection is gone, or leads to a server that takes no writes: connect again, then repeat.</summary>
    Connection,

    /// <summary>Redis is loading or busy: repeat after a while.</summary>
    Later,

    /// <summary>Redis has forgotten the scripts: load them, then repeat.</summary>
    Script,

    /// <summary>No memory or no disk space is left.</summary>
    Full,
}

/// <summary>Reads what a command failed with.</summary>
internal static class RedisFailures
{
    private static readonly string[] LaterCodes = ["LOADING", "BUSY", "MISCONF", "TRYAGAIN", "NOREPLICAS"];
    private static readonly string[] ConnectionCodes = ["READONLY", "MASTERDOWN", "NOAUTH", "UNKILLABLE"];

    public static RedisFailure Classify(Exception exception) => exception switch
    {
        RedisServerException { Message: var message } when Has(message, "NOSCRIPT") => RedisFailure.Script,
        RedisServerException { Message: var message } when Has(message, "OOM") || message.Contains("No space left", StringComparison.Ordinal) => RedisFailure.Full,
        RedisServerException { Message: var message } when LaterCodes.Any(code => Has(message, code)) => RedisFailure.Later,
        RedisServerException { Message: var message } when ConnectionCodes.Any(code => Has(message, code)) => RedisFailure.Connection,
        RedisServerException => RedisFailure.Final,
        RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException => RedisFailure.Connection,
        _ => RedisFailure.Final,
    };

    // Redis before 7.0 wraps what a command inside a script failed with: "ERR Error running script (…): @user_script:1: -OOM command not allowed …".
    private static bool Has(string message, string code) =>
        message.StartsWith(code + " ", StringComparison.Ordinal) || message.Contains(": -" + code + " ", StringComparison.Ordinal);
}

namespace OrleansMqtt.Security;

/// <summary>One client's exchange of AUTH packets. Used by one caller at a time, to its end once.</summary>
public interface IAuthenticationExchange
{
    /// <summary>Takes the next Authentication Data of the client, that of CONNECT first.</summary>
    /// <param name="data">Authentication Data; null where the packet had none.</param>
    /// <param name="cancellationToken">The client is gone, or its time is over.</param>
    ValueTask<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte>? data, CancellationToken cancellationToken);
}

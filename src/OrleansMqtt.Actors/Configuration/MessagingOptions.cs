namespace Orleans.Configuration;

/// <summary>How calls are made.</summary>
public abstract class MessagingOptions
{
    /// <summary>After which time a call without an answer fails with a <see cref="TimeoutException"/>; up to a tenth later.
    /// Positive. Default: 30 seconds.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>How a silo's calls are made.</summary>
public class SiloMessagingOptions : MessagingOptions;

/// <summary>How a client's calls are made.</summary>
public class ClientMessagingOptions : MessagingOptions;

namespace Orleans.Configuration;

/// <summary>The names of a cluster.</summary>
public class ClusterOptions
{
    /// <summary>The cluster's name unless set.</summary>
    public const string DefaultClusterId = "default";

    /// <summary>The service's name unless set.</summary>
    public const string DefaultServiceId = "default";

    /// <summary>The name of this deployment; its silos find each other by it.</summary>
    public string ClusterId { get; set; } = DefaultClusterId;

    /// <summary>The name of the service, the same through all deployments; storage is named by it.</summary>
    public string ServiceId { get; set; } = DefaultServiceId;
}

namespace Orleans.TestingHost;

/// <summary>What a test cluster is made of.</summary>
public class TestClusterOptions
{
    /// <summary>The cluster's name.</summary>
    public string ClusterId { get; set; } = "default";

    /// <summary>The service's name.</summary>
    public string ServiceId { get; set; } = "default";

    /// <summary>How many silos it starts with. One is called by reference, without a network; several have one in memory.</summary>
    public short InitialSilosCount { get; set; } = 1;

    /// <summary>The assembly-qualified names of the silo configurators, applied in order.</summary>
    public List<string?> SiloBuilderConfiguratorTypes { get; } = [];

    /// <summary>The assembly-qualified names of the client's configurators, applied in order.</summary>
    public List<string?> ClientBuilderConfiguratorTypes { get; } = [];
}

using Microsoft.Extensions.Configuration;

namespace Orleans.TestingHost;

/// <summary>Builds test clusters.</summary>
public class TestClusterBuilder
{
    private readonly List<Action<IConfigurationBuilder>> _configuration = [];

    /// <summary>Builds clusters of two silos.</summary>
    public TestClusterBuilder()
        : this(2)
    {
    }

    /// <summary>Builds clusters of a number of silos.</summary>
    /// <param name="initialSilosCount">How many.</param>
    public TestClusterBuilder(short initialSilosCount) =>
        Options = new TestClusterOptions
        {
            InitialSilosCount = initialSilosCount,
            ClusterId = CreateClusterId(),
            ServiceId = Guid.NewGuid().ToString("N"),
        };

    /// <summary>What the cluster is made of.</summary>
    public TestClusterOptions Options { get; }

    /// <summary>Configuration that every silo gets.</summary>
    public Dictionary<string, string?> Properties { get; } = [];

    /// <summary>A name that no other cluster has.</summary>
    /// <returns>The name.</returns>
    public static string CreateClusterId() => "testcluster-" + Guid.NewGuid().ToString("N");

    /// <summary>Adds a configurator for each silo.</summary>
    /// <typeparam name="T">An <see cref="ISiloConfigurator"/>, <see cref="IHostConfigurator"/> or both.</typeparam>
    /// <returns>This builder.</returns>
    public TestClusterBuilder AddSiloBuilderConfigurator<T>()
        where T : new()
    {
        if (!typeof(ISiloConfigurator).IsAssignableFrom(typeof(T)) && !typeof(IHostConfigurator).IsAssignableFrom(typeof(T)))
        {
            throw new ArgumentException($"{typeof(T)} is neither an {nameof(ISiloConfigurator)} nor an {nameof(IHostConfigurator)}.");
        }

        Options.SiloBuilderConfiguratorTypes.Add(typeof(T).AssemblyQualifiedName);
        return this;
    }

    /// <summary>Adds a configurator for the client. It has no effect where the cluster is of one silo.</summary>
    /// <typeparam name="T">An <see cref="IClientBuilderConfigurator"/>.</typeparam>
    /// <returns>This builder.</returns>
    public TestClusterBuilder AddClientBuilderConfigurator<T>()
        where T : new()
    {
        if (!typeof(IClientBuilderConfigurator).IsAssignableFrom(typeof(T)))
        {
            throw new ArgumentException($"{typeof(T)} is no {nameof(IClientBuilderConfigurator)}.");
        }

        Options.ClientBuilderConfiguratorTypes.Add(typeof(T).AssemblyQualifiedName);
        return this;
    }

    /// <summary>Adds to the configuration that every silo gets.</summary>
    /// <param name="configureDelegate">Adds to it.</param>
    /// <returns>This builder.</returns>
    public TestClusterBuilder ConfigureHostConfiguration(Action<IConfigurationBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(configureDelegate);
        _configuration.Add(configureDelegate);
        return this;
    }

    /// <summary>Builds the cluster; it is not started yet.</summary>
    /// <returns>The cluster.</returns>
    public TestCluster Build()
    {
        var configuration = new ConfigurationBuilder();
        configuration.AddInMemoryCollection(Properties);
        foreach (var configure in _configuration)
        {
            configure(configuration);
        }

        return new TestCluster(Options, [.. configuration.Sources]);
    }
}

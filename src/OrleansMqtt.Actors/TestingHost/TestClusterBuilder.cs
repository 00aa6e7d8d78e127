using Microsoft.Extensions.Configuration;

namespace Orleans.TestingHost;

/// <summary>Builds test clusters.</summary>
public class TestClusterBuilder
{
    private readonly List<Action<IConfigurationBuilder>> _configuration = [];

    /// <summary>Builds clusters of two silos, as Orleans does; set <see cref="TestClusterOptions.InitialSilosCount"/> to one for now.</summary>
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
    /// <exception cref="NotSupportedException">More than one silo is asked for.</exception>
    public TestCluster Build()
    {
        if (Options.InitialSilosCount > 1)
        {
            throw new NotSupportedException(
                $"A test cluster of {Options.InitialSilosCount} silos was asked for; the bundled runtime runs one silo until it has a "
                + "network. Set InitialSilosCount to 1.");
        }

        var configuration = new ConfigurationBuilder();
        configuration.AddInMemoryCollection(Properties);
        foreach (var configure in _configuration)
        {
            configure(configuration);
        }

        return new TestCluster(Options, [.. configuration.Sources]);
    }
}

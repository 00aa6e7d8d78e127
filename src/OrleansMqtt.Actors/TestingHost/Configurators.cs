using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Orleans.TestingHost;

/// <summary>Configures the silos of a test cluster.</summary>
public interface ISiloConfigurator
{
    /// <summary>Configures a silo.</summary>
    /// <param name="siloBuilder">The silo.</param>
    void Configure(ISiloBuilder siloBuilder);
}

/// <summary>Configures the hosts of the silos of a test cluster.</summary>
public interface IHostConfigurator
{
    /// <summary>Configures a host.</summary>
    /// <param name="hostBuilder">The host.</param>
    void Configure(IHostBuilder hostBuilder);
}

/// <summary>Configures the client of a test cluster.</summary>
public interface IClientBuilderConfigurator
{
    /// <summary>Configures it.</summary>
    /// <param name="configuration">The cluster's configuration.</param>
    /// <param name="clientBuilder">The client.</param>
    void Configure(Microsoft.Extensions.Configuration.IConfiguration configuration, Hosting.IClientBuilder clientBuilder);
}

using Microsoft.Extensions.Configuration;
using OrleansMqtt.Hosts.Configuration;

// A silo in a process of its own serves gateways in other processes, and those find it through the cluster's Redis. That comes with a
// later version; until then this says so and ends.
using var configuration = new ConfigurationManager();
var reader = new SettingsReader(configuration);
if (ConfigurationSources.Load(configuration, AppContext.BaseDirectory, args) is { } unreadable) reader.Report(unreadable);
ClusterSettings.Read(reader);
reader.Report("A silo needs Cluster:Redis to be found by gateways, and cluster mode is not in this version yet; allowed is to start the gateway, which brings a silo of its own.");
await Console.Error.WriteLineAsync(reader.Problem);
return ExitCode.BadConfiguration;

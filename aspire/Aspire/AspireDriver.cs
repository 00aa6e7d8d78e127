using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrleansMqtt.AppHost.Topology;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.AppHost.Aspire;

/// <summary>Runs a topology with Aspire: Redis as a container, hosts as projects, and a dashboard for logs, metrics and health.</summary>
internal static class AspireDriver
{
    private const string Http = "http";
    private const string Mqtt = "mqtt";

    // What a launch profile would say: where the dashboard is, and where it takes logs, metrics and traces (OTLP over gRPC).
    private static readonly string[] Dashboard = ["--ASPNETCORE_URLS=http://127.0.0.1:18888", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://127.0.0.1:18889"];

    /// <summary>Runs it until it is told to stop. Returns an <see cref="ExitCode"/>.</summary>
    /// <param name="topology">What to run.</param>
    /// <param name="output">Not written to: Aspire has a console of its own.</param>
    /// <param name="error">Not written to.</param>
    /// <param name="stop">Stops it.</param>
    public static async Task<int> RunAsync(ClusterTopology topology, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = Dashboard, AllowUnsecuredTransport = true });
        var redis = AddRedis(builder, topology.Redis);
        var orleans = builder.AddOrleans("orleansmqtt").WithClusterId("orleansmqtt").WithServiceId("orleansmqtt").WithClustering(redis);
        // Silos are alike, so they are replicas of one resource; each takes a free port and says in Redis where it is.
        var silos = AddHost<Projects.silo>(builder, "silo", redis).WithReference(orleans).WithReplicas(topology.Silos.Count);
        // Gateways are told apart by their ports, so each is a resource of its own.
        foreach (var gateway in topology.Gateways)
            AddHost<Projects.gateway>(builder, gateway.Name, redis).WithReference(orleans.AsClient()).WithListener(gateway.Port).WaitFor(silos);
        using var application = builder.Build();
        await application.RunAsync(stop);
        return ExitCode.Stopped;
    }

    private static IResourceBuilder<IResourceWithConnectionString> AddRedis(IDistributedApplicationBuilder builder, RedisNode node)
    {
        if (node.ConnectionString is { } existing) return builder.AddConnectionString(RedisNode.Name, ReferenceExpression.Create($"{existing}"));
        var redis = builder.AddRedis(RedisNode.Name)
            .WithDataBindMount(node.DataDirectory)
            // Without password and certificate, which need the shell that AddRedis starts it by; Aspire binds it to the loopback address.
            .WithPassword(null)
            .WithEntrypoint("redis-server")
            .WithArgs(static context =>
            {
                context.Args.Clear();
                foreach (var setting in RedisNode.Settings) context.Args.Add(setting);
            });
#pragma warning disable ASPIRECERTIFICATES001 // Announced as one that may change.
        return redis.WithoutHttpsCertificate().WithCertificateTrustScope(CertificateTrustScope.None);
#pragma warning restore ASPIRECERTIFICATES001
    }

    private static IResourceBuilder<ProjectResource> AddHost<TProject>(IDistributedApplicationBuilder builder, string name, IResourceBuilder<IResourceWithConnectionString> redis)
        where TProject : IProjectMetadata, new() => builder
        .AddProject<TProject>(name, launchProfileName: null)
        .WithHttpEndpoint(name: Http)
        .WithHttpHealthCheck("/readyz", endpointName: Http)
        .WithEnvironment(HostKeys.Variable(HostKeys.Redis), redis)
        .WithBind(HostKeys.Http, Http)
        .WaitFor(redis);

    private static IResourceBuilder<ProjectResource> WithListener(this IResourceBuilder<ProjectResource> gateway, int port) => gateway
        .WithEndpoint(port: port, scheme: Mqtt, name: Mqtt)
        .WithBind(HostKeys.Listener, Mqtt);

    /// <summary>Tells a host to listen on the port behind an endpoint, which Aspire chooses and forwards to.</summary>
    private static IResourceBuilder<ProjectResource> WithBind(this IResourceBuilder<ProjectResource> host, string key, string endpoint) => host
        .WithEnvironment(HostKeys.Variable(key), ReferenceExpression.Create($"127.0.0.1:{host.GetEndpoint(endpoint).Property(EndpointProperty.TargetPort)}"));
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.TestingHost.Runtime;

namespace OrleansMqtt.TestingHost;

/// <summary>A silo of a test cluster. It stays the same object when it is killed and started again; its address then is another one.</summary>
public sealed class MqttTestSilo
{
    private readonly ClusterPlan _plan;
    private readonly int _number;
    private volatile IHost? _running;

    internal MqttTestSilo(ClusterPlan plan, int number) => (_plan, _number) = (plan, number);

    /// <summary>Its name: <c>silo-</c> and its place in <see cref="MqttTestCluster.Silos"/>.</summary>
    public string Name => $"silo-{_number}";

    /// <summary>Whether it runs.</summary>
    public bool IsActive => _running is not null;

    /// <summary>Its address.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public SiloAddress SiloAddress => Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    /// <summary>Its services.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public IServiceProvider Services => _running?.Services ?? throw new InvalidOperationException($"{Name} does not run.");

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal async Task StartAsync()
    {
        var builder = _plan.CreateBuilder();
        builder.UseOrleans(silo =>
        {
            _plan.Runtime.Add(silo, _number);
            if (_plan.GrainTime is { } time) ClusterRuntime.AddGrainTime(silo, time);
            _plan.Configure<SiloMessagingOptions>(silo.Services);
            silo.Configure<SiloOptions>(options => options.SiloName = Name);
            silo.AddMqttCluster(_plan.Leases).AddMqttGrains(_plan.Partitions, _plan.SessionLimits);
            _plan.Store(silo);
            _plan.ConfigureSilo(silo);
        });
        _running = await _plan.StartAsync(builder);
    }

    internal async Task EndAsync(bool gracefully)
    {
        if (Interlocked.Exchange(ref _running, null) is not { } host) return;
        await using var silo = new InProcessSiloHandle { SiloHost = host, Name = Name };
        await silo.StopSiloAsync(gracefully).WaitAsync(_plan.WaitLimit);
    }
}

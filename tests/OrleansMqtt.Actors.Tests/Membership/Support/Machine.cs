using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Membership.Support;

/// <summary>A process with a membership agent.</summary>
internal sealed class Machine : IMembershipListener
{
    public Machine(ManualTime world, IMembershipTable table, int port, int generation = 1, double rate = 1, ClusterMembershipOptions? options = null, string manifest = "")
    {
        Time = new MachineTime(world, rate);
        Table = new FaultyMembershipTable(table, Time);
        Silo = SiloAddress.New(IPAddress.Loopback, port, generation);
        Agent = new MembershipAgent(
            Table, new MemberIdentity(Silo, $"silo{port}", "host", 0, manifest), new MembershipTiming(options ?? new()), this, Time, NullLogger.Instance);
    }

    public MachineTime Time { get; }

    public FaultyMembershipTable Table { get; }

    public SiloAddress Silo { get; }

    public MembershipAgent Agent { get; }

    /// <summary>What it was told, in order.</summary>
    public List<string> Events { get; } = [];

    public List<long> Views { get; } = [];

    /// <summary>What handing over waits for.</summary>
    public Task HandOver { get; set; } = Task.CompletedTask;

    public bool HasEnded => Events.Contains("ended");

    /// <summary>What the silo is in its own view.</summary>
    public SiloStatus Status => Agent.Current.StatusOf(Silo);

    public Task JoinAsync() => Agent.JoinAsync(CancellationToken.None);

    /// <summary>Begins to join; nobody waits for it. Whether it has joined is seen in the views.</summary>
    public void Join() => _ = JoinAsync().ContinueWith(static task => task.Exception, TaskScheduler.Default);

    public bool IsLeaving { get; private set; }

    /// <summary>Begins to leave; nobody waits for it.</summary>
    public void Leave()
    {
        IsLeaving = true;
        _ = Agent.LeaveAsync(CancellationToken.None);
    }

    public void Kill()
    {
        Time.IsDead = true;
        Agent.Dispose();
    }

    public ValueTask OnViewAsync(MembershipView view)
    {
        Views.Add(view.Version);
        return new(HandOver);
    }

    public void OnSuspended() => Events.Add("suspended");

    public void OnResumed() => Events.Add("resumed");

    public void OnEnded(string reason) => Events.Add("ended");
}

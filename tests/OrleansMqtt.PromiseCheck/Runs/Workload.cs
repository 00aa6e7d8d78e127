using OrleansMqtt.PromiseCheck.Arguments;
using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Runs;

/// <summary>All clients of a run. Below the run's prefix, messages stand under <c>m</c>, retained ones under <c>r</c>, wills under
/// <c>w</c>.</summary>
internal sealed class Workload
{
    /// <summary>Retained topics are written less often than others: each write should have a chance to be read.</summary>
    private const double WriteRate = 5;

    /// <summary>Some of them so rarely that a value that a kill has cost is missed before the next is written.</summary>
    private const double RareWriteRate = 0.15;

    private const double ReadRate = 10;

    /// <summary>Makes the clients that settings ask for.</summary>
    public Workload(CheckSettings settings, Surroundings surroundings)
    {
        var prefix = settings.Prefix;
        var random = new Random(settings.Seed);
        Publishers = [.. MessagePlans(settings, random).Select(plan => new Publisher(surroundings, plan))];
        Writers = [.. WriterPlans(settings, random).Select(plan => new Publisher(surroundings, plan))];
        Subscribers =
        [
            .. SubscriberPlans(settings, random).Select(plan => new Subscriber(surroundings, plan)),
            .. WillSubscriberPlans(settings, random).Select(plan => new Subscriber(surroundings, plan)),
        ];
        RetainedTopics = [.. WriterPlans(settings, new Random(0)).SelectMany(static plan => plan.Topics).Distinct()];
        Readers = RetainedTopics.Count == 0
            ? []
            : [.. Enumerable.Range(0, settings.Readers).Select(i =>
                new RetainedReader(surroundings, $"{prefix}-reader-{i}", RetainedTopics, ReadRate, random.Next()))];
        WillClients = [.. Enumerable.Range(0, settings.Wills).Select(i => new WillClient(surroundings, new WillPlan
        {
            ClientId = $"{prefix}-will-{i}",
            Name = $"will-{i}",
            Topic = $"{prefix}/w/{i}",
            Delay = (uint)settings.WillDelay,
            Detection = settings.Detection,
            LongestWait = settings.Cycles == 0 ? 1 : 2 * settings.Interval, // No kill is farther away.
            Size = settings.Size,
            Seed = random.Next(),
        }))];
    }

    /// <summary>Publishers of messages that are not retained.</summary>
    public IReadOnlyList<Publisher> Publishers { get; }

    /// <summary>Writers of retained messages.</summary>
    public IReadOnlyList<Publisher> Writers { get; }

    /// <summary>Persistent subscribers, to messages and to wills.</summary>
    public IReadOnlyList<Subscriber> Subscribers { get; }

    /// <summary>Readers of retained messages.</summary>
    public IReadOnlyList<RetainedReader> Readers { get; }

    /// <summary>Clients with wills.</summary>
    public IReadOnlyList<WillClient> WillClients { get; }

    /// <summary>Where retained messages are.</summary>
    public IReadOnlyList<string> RetainedTopics { get; }

    /// <summary>All of them.</summary>
    public IEnumerable<PersistentClient> All => [.. Subscribers, .. Publishers, .. Writers, .. WillClients, .. Readers];

    private static IEnumerable<PublisherPlan> MessagePlans(CheckSettings settings, Random random) =>
        from qos in (QualityOfService[])[QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce]
        from index in Enumerable.Range(0, settings.Publishers)
        let name = $"p{(int)qos}-{index}"
        select new PublisherPlan
        {
            ClientId = $"{settings.Prefix}-{name}",
            Name = name,
            Topics = [.. Enumerable.Range(0, settings.Topics).Select(topic => MessageTopic(settings, name, topic))],
            QoS = qos,
            Window = settings.Window,
            Rate = settings.Rate,
            Size = settings.Size,
            Seed = random.Next(),
        };

    /// <summary>Writers alternate between QoS 2, with a session, and QoS 1, without.</summary>
    private static IEnumerable<PublisherPlan> WriterPlans(CheckSettings settings, Random random)
    {
        const int WritersOfShared = 4;
        for (var register = 0; register < settings.Registers; register++)
        {
            var rate = register % 4 < 2 ? WriteRate : RareWriteRate;
            yield return WriterPlan(settings, $"r-{register}", register, [$"{settings.Prefix}/r/own/{register}"], rate, random);
        }

        string[] shared = [.. Enumerable.Range(0, settings.SharedRegisters).Select(register => $"{settings.Prefix}/r/shared/{register}")];
        for (var writer = 0; writer < WritersOfShared && shared.Length > 0; writer++)
            yield return WriterPlan(settings, $"rs-{writer}", writer, shared, WriteRate, random);
    }

    private static PublisherPlan WriterPlan(
        CheckSettings settings, string name, int index, IReadOnlyList<string> topics, double rate, Random random) => new()
    {
        ClientId = $"{settings.Prefix}-{name}",
        Name = name,
        Topics = topics,
        QoS = index % 2 == 0 ? QualityOfService.ExactlyOnce : QualityOfService.AtLeastOnce,
        IsPersistent = index % 2 == 0,
        Retain = true,
        Window = 1,
        Rate = rate,
        Size = settings.Size,
        Seed = random.Next(),
    };

    private static IEnumerable<SubscriberPlan> SubscriberPlans(CheckSettings settings, Random random) =>
        from qos in (QualityOfService[])[QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce]
        from index in Enumerable.Range(0, settings.Subscribers)
        select new SubscriberPlan
        {
            ClientId = $"{settings.Prefix}-s{(int)qos}-{index}",
            Filters = Filters(settings, index),
            QoS = qos,
            IsLeaver = (index + (int)qos) % 2 == 0,
            Seed = random.Next(),
        };

    /// <summary>The kinds of subscriptions in turn.</summary>
    private static string[] Filters(CheckSettings settings, int index) => (index % 4) switch
    {
        0 => [$"{settings.Prefix}/m/#"],
        1 => [MessageTopic(settings, "p1-0", 0), MessageTopic(settings, "p2-0", 0)],
        2 => [$"{settings.Prefix}/m/+/0", .. settings.Topics > 1 ? (string[])[MessageTopic(settings, "p2-0", 1)] : []],
        _ => [$"{settings.Prefix}/m/p1-0/+", $"{settings.Prefix}/m/p2-0/#"],
    };

    private static SubscriberPlan[] WillSubscriberPlans(CheckSettings settings, Random random) => settings.Wills == 0 ? [] :
    [
        WillSubscriberPlan(settings, "stays", isLeaver: false, random),
        WillSubscriberPlan(settings, "leaves", isLeaver: true, random),
    ];

    private static SubscriberPlan WillSubscriberPlan(CheckSettings settings, string name, bool isLeaver, Random random) => new()
    {
        ClientId = $"{settings.Prefix}-sw-{name}",
        Filters = [$"{settings.Prefix}/w/+"],
        QoS = QualityOfService.ExactlyOnce,
        IsLeaver = isLeaver,
        Seed = random.Next(),
    };

    private static string MessageTopic(CheckSettings settings, string publisher, int topic) => $"{settings.Prefix}/m/{publisher}/{topic}";
}

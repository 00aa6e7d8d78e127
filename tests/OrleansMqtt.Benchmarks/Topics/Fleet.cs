using System.Text;

namespace OrleansMqtt.Benchmarks.Topics;

/// <summary>The topics and filters of an imagined fleet of devices: 1,000 to a site, each with three filters around its temperature.</summary>
internal static class Fleet
{
    private const int DevicesPerSite = 1_000;
    private const int Seed = 20_240_607;

    /// <summary>Filter number <paramref name="i"/>: in turn exact, with <c>+</c>, with <c>#</c>. None matches a topic of <see cref="States"/>.</summary>
    public static string Filter(int i) => (i % 3) switch
    {
        0 => Topic(i / 3, "temperature/value"),
        1 => Topic(i / 3, "+/value"),
        _ => Topic(i / 3, "alarm/#"),
    };

    /// <summary>A topic of a device.</summary>
    public static string Topic(int device, string rest) => $"site/{device / DevicesPerSite}/device/{device % DevicesPerSite}/{rest}";

    /// <summary>Topics that go as deep as the first <paramref name="filters"/> filters do and match none of them, each of some device.</summary>
    public static byte[][] States(int filters, int count) => Somewhere(filters, count, "temperature/state");

    /// <summary>Topics that match two filters each: the exact one and the one with <c>+</c>.</summary>
    public static byte[][] Values(int filters, int count) => Somewhere(filters, count, "temperature/value");

    /// <summary>Topics that match one filter with <c>#</c> each.</summary>
    public static byte[][] Alarms(int filters, int count) => Somewhere(filters, count, "alarm/battery/low");

    /// <summary>Topics with the same last levels, each of some device that the first <paramref name="filters"/> filters are about.</summary>
    public static byte[][] Somewhere(int filters, int count, string rest)
    {
        var random = new Random(Seed);
        var devices = Math.Max(1, filters / 3);
        return [.. Enumerable.Range(0, count).Select(_ => Bytes(Topic(random.Next(devices), rest)))];
    }

    /// <summary>All of <paramref name="count"/> different topics, in no order that a processor could foresee.</summary>
    public static byte[][] Shuffled(int count)
    {
        var topics = Enumerable.Range(0, count).Select(static i => Bytes(Topic(i, "status"))).ToArray();
        new Random(Seed).Shuffle(topics);
        return topics;
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

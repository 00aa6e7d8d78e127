namespace OrleansMqtt.Tests.Acl;

/// <summary>An access list, clients and topics, to compare what brokers make of it.</summary>
internal static class AclTable
{
    /// <summary>A user with all rights: it publishes what others may read, and sees what others could publish.</summary>
    public const string Admin = "admin";

    /// <summary>Everybody has this topic: when what was published there has come, all before it has.</summary>
    public const string Fence = "fence/end";

    /// <summary>What all clients subscribe to.</summary>
    public static readonly string[] Everything = ["#", "$other/#"];

    public const string File = """
        # Clients without a user.
        topic readwrite fence/#
        topic read public/#
        topic deny public/secret/#
        topic write in box/+

        user admin
        topic readwrite #
        topic readwrite $other/#

        user joe
        topic readwrite fence/#
        topic work/joe/#
        topic read work/+/status
        topic write out/#
        topic deny work/joe/locked
        topic readwrite plain/%c
        topic read both
        topic write both

        user ann
        topic readwrite fence/#
        topic readwrite work/ann
        topic deny work/#

        user a+b
        topic readwrite fence/#
        topic read public/#

        user odd
        topic readwrite fence/#

        pattern readwrite fence/#
        pattern readwrite devices/%c/#
        pattern read users/%u/inbox
        pattern deny devices/+/locked
        pattern deny work/joe/status
        pattern deny all/%c/own
        pattern read all/#
        pattern write $other/%c
        pattern read %u/%c/both
        pattern read x%c/y
        pattern readwrite %c/first
        """;

    public static readonly AclClient[] Clients =
    [
        new("c1", null), new("c1", "joe"), new("c2", "ann"), new("c3", "nobody"), new("a/b", "joe"), new("a/b", null), new("c+", "odd"), new("c4", "a+b"), new("$other", "joe"), new("%u", "joe"),
    ];

    public static readonly string[] Topics =
    [
        "public", "public/x", "public/secret/x", "in box/1", "work/joe/1", "work/joe/locked", "work/ann/status", "work/joe/status", "work/ann", "out/a", "plain/%c", "plain/c1", "both",
        "devices/c1/t", "devices/c1", "devices/c1/locked", "devices/c2/t", "devices/a/b/x", "users/joe/inbox", "users/ann/inbox", "users//inbox", "all/x", "all/c1/own", "all/c3/own",
        "$other/c1", "$other/x", "joe/c1/both", "xc1/y", "c1/first", "$other/first", "a/b/first",
    ];

    /// <summary>
    /// Where this broker alone allows something, on purpose. Mosquitto 2.0 takes all patterns from a client with <c>+</c> or <c>#</c> in its identifier or user name; here it keeps those that
    /// are not filled with that name.
    /// </summary>
    public static bool IsAllowedHereAlone(AclClient client, bool write, string topic) => client.User == "a+b" && !write && topic is "all/x" or "all/c1/own" or "all/c3/own";

    /// <summary>
    /// Where this broker alone refuses something, on purpose. A name with <c>/</c> in it fills no pattern, and where a denial cannot be filled, everything from its place on is refused. And
    /// an identifier that begins with <c>$</c> does not make a pattern one of the broker's own topics.
    /// </summary>
    public static bool IsRefusedHereAlone(AclClient client, string topic) => client.Id switch
    {
        "a/b" => topic is "devices/a/b/x" or "a/b/first" or "all/x" or "all/c1/own" or "all/c3/own",
        "$other" => topic == "$other/first",
        _ => false,
    };
}

/// <summary>A client of <see cref="AclTable"/>.</summary>
internal sealed record AclClient(string Id, string? User);

/// <summary>What a broker let a client do.</summary>
internal readonly record struct AclAnswer(AclClient Client, bool Write, string Topic);

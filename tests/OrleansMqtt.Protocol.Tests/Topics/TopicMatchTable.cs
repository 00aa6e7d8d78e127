using Xunit;

namespace OrleansMqtt.Protocol.Tests.Topics;

/// <summary>Filters and topic names of section 4.7 of the specification, and the corners beside them.</summary>
public static class TopicMatchTable
{
    public static TheoryData<string, string> Matches => new()
    {
        // 4.7.1.2, multi-level wildcard
        { "sport/tennis/player1/#", "sport/tennis/player1" },
        { "sport/tennis/player1/#", "sport/tennis/player1/ranking" },
        { "sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon" },
        { "sport/#", "sport" },
        { "sport/#", "sport/" },
        { "#", "sport" },
        { "#", "/" },
        { "#", "a/$b" },
        { "/#", "/" },
        { "/#", "/finance" },

        // 4.7.1.3, single-level wildcard
        { "sport/tennis/+", "sport/tennis/player1" },
        { "sport/tennis/+", "sport/tennis/player2" },
        { "sport/+", "sport/" },
        { "+/+", "/finance" },
        { "/+", "/finance" },
        { "+/tennis/#", "sport/tennis" },
        { "+/tennis/#", "sport/tennis/a/b" },
        { "sport/+/player1", "sport/tennis/player1" },
        { "+", "a" },
        { "+/+", "/" },
        { "a/+/#", "a/b" },
        { "a/+/#", "a/" },

        // 4.7.2, names that begin with $
        { "$SYS/#", "$SYS" },
        { "$SYS/#", "$SYS/a/b" },
        { "$SYS/monitor/+", "$SYS/monitor/Clients" },
        { "a/+", "a/$b" },
        { "a/#", "a/$b/c" },
        { "$share/g", "$share/g" },

        // 4.7.3, semantics and usage
        { "Accounts payable", "Accounts payable" },
        { "/", "/" },
        { "//", "//" },
        { "a//b", "a//b" },
        { "a/+/b", "a//b" },
        { "Ärger/+", "Ärger/\U0001F600" },
    };

    public static TheoryData<string, string> Mismatches => new()
    {
        { "sport/tennis/player1/#", "sport/tennis" },
        { "sport/tennis/player1/#", "sport/tennis/player10" },
        { "sport/#", "sports" },
        { "sport/tennis/+", "sport/tennis/player1/ranking" },
        { "sport/tennis/+", "sport/tennis" },
        { "sport/+", "sport" },
        { "+", "/finance" },
        { "+", "sport/" },
        { "a/+/#", "a" },
        { "/+", "finance" },
        { "/#", "finance" },

        { "#", "$SYS" },
        { "#", "$SYS/a" },
        { "+/#", "$SYS/a" },
        { "+/monitor/Clients", "$SYS/monitor/Clients" },
        { "+", "$" },

        { "ACCOUNTS", "Accounts" },
        { "/finance", "finance" },
        { "finance", "finance/" },
        { "finance/", "finance" },
        { "/", "//" },
        { "//", "/" },
        { "a/b", "a/b/c" },
        { "a/b/c", "a/b" },
        { "a/+/c", "a/b/d" },
        { "\u00E9", "e\u0301" },
    };
}

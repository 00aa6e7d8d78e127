namespace OrleansMqtt.Security.Tests.Rules;

/// <summary>How two topic filters stand to each other, level by level: what the index of rules is compared with.</summary>
internal static class FilterModel
{
    /// <summary>Whether <paramref name="outer"/>, level by level, has every topic of <paramref name="inner"/>.</summary>
    public static bool Covers(string outer, string inner)
    {
        var (wide, narrow) = (outer.Split('/'), inner.Split('/'));
        if (IsHidden(wide, narrow)) return false;
        for (var i = 0; ; i++)
        {
            if (i == wide.Length) return i == narrow.Length;
            if (wide[i] == "#") return true;
            if (i == narrow.Length || narrow[i] == "#" || (wide[i] != "+" && wide[i] != narrow[i])) return false;
        }
    }

    /// <summary>Whether there is a topic that both match.</summary>
    public static bool Overlap(string one, string other)
    {
        var (first, second) = (one.Split('/'), other.Split('/'));
        if (IsHidden(first, second) || IsHidden(second, first)) return false;
        for (var i = 0; ; i++)
        {
            // What stands behind one empty level has the empty topic as its parent, which there is not [MQTT-4.7.3-1]: to be asked about nothing does no harm.
            if (i == first.Length) return i == second.Length || second[i] == "#";
            if (i == second.Length) return first[i] == "#";
            if (first[i] == "#" || second[i] == "#") return true;
            if (first[i] != "+" && second[i] != "+" && first[i] != second[i]) return false;
        }
    }

    // [MQTT-4.7.2-1]
    private static bool IsHidden(string[] wild, string[] named) => wild[0] is "+" or "#" && named[0].StartsWith('$');
}

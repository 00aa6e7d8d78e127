using System.Text;

namespace OrleansMqtt.Security.Permissions;

/// <summary>Puts a client's names where a topic filter has a place for them: <c>%c</c> or <c>${clientid}</c>, <c>%u</c> or <c>${username}</c>.</summary>
internal static class TopicPlaceholders
{
    private static readonly (string Place, bool IsClient)[] Places = [("%c", true), ("${clientid}", true), ("%u", false), ("${username}", false)];

    /// <summary>
    /// The filter for one client. Null where a name that is asked for is missing or no plain level of a topic (it has <c>+</c>, <c>#</c> or <c>/</c>), or would make it one of
    /// the broker's own, which begin with <c>$</c>: a client that calls itself so would have the topics of others.
    /// </summary>
    public static string? Fill(string filter, string clientId, string? userName)
    {
        if (!filter.AsSpan().ContainsAny('%', '$')) return filter;
        var filled = new StringBuilder(filter.Length + 32);
        for (var i = 0; i < filter.Length; i++)
        {
            var found = Array.Find(Places, place => string.CompareOrdinal(filter, i, place.Place, 0, place.Place.Length) == 0);
            if (found.Place is null)
            {
                filled.Append(filter[i]);
                continue;
            }
            if ((found.IsClient ? clientId : userName) is not { Length: > 0 } name || name.AsSpan().ContainsAny('+', '#', '/') || (filled.Length == 0 && name[0] == '$')) return null;
            filled.Append(name);
            i += found.Place.Length - 1;
        }
        return filled.ToString();
    }
}

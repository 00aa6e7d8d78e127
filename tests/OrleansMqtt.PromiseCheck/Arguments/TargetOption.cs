using System.Globalization;
using System.Net;
using OrleansMqtt.Cli.Options;

namespace OrleansMqtt.PromiseCheck.Arguments;

/// <summary>The option that says which broker.</summary>
internal static class TargetOption
{
    /// <summary>Hosts and their ports.</summary>
    public static CheckedOption<IReadOnlyList<EndPoint>> Of(string name, string description) => new(
        name,
        description,
        "HOST:PORT, an IPv6 address in brackets, or several with commas between them",
        (text, out value) =>
        {
            var targets = text.Split(',').Select(Parse).ToList();
            value = [.. targets.OfType<EndPoint>()];
            return value.Count == targets.Count;
        });

    private static DnsEndPoint? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon];
        if (host is ['[', .., ']']) host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal)) host = "";
        var isPort = ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;
        return isPort && Uri.CheckHostName(host) != UriHostNameType.Unknown ? new DnsEndPoint(host, port) : null;
    }
}

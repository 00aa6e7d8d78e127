using System.Globalization;
using System.Net;
using OrleansMqtt.Cli.Options;

namespace OrleansMqtt.PromiseCheck.Arguments;

/// <summary>The option that says which broker.</summary>
internal static class TargetOption
{
    /// <summary>A host and its port.</summary>
    public static CheckedOption<DnsEndPoint?> Of(string name, string description) => new(
        name,
        description,
        "HOST:PORT, an IPv6 address in brackets",
        (text, out value) =>
        {
            var colon = text.LastIndexOf(':');
            var host = colon < 0 ? "" : text[..colon];
            if (host is ['[', .., ']']) host = host[1..^1];
            else if (host.Contains(':', StringComparison.Ordinal)) host = "";
            var isPort = ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;
            value = isPort && Uri.CheckHostName(host) != UriHostNameType.Unknown ? new DnsEndPoint(host, port) : null;
            return value is not null;
        });
}

using System.CommandLine;
using System.Globalization;
using System.Net;

namespace OrleansMqtt.PromiseCheck.Arguments;

/// <summary>An option that can say what is allowed.</summary>
internal interface ICheckOption
{
    /// <summary>Follows "allowed is".</summary>
    string Allowed { get; }
}

/// <summary>An option whose value is one text, and which can say what is allowed.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
internal sealed class CheckOption<T> : Option<T>, ICheckOption
{
    /// <summary>Makes an option.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="allowed">Follows "allowed is".</param>
    /// <param name="read">Reads the value; false if it is not allowed.</param>
    public CheckOption(string name, string description, string allowed, Reader read)
        : base(name)
    {
        Description = description;
        HelpName = "value";
        Allowed = allowed;
        CustomParser = argument =>
        {
            var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
            if (read(text, out var value)) return value;
            argument.AddError($"Option {name} is \"{text}\"; allowed is {allowed}.");
            return default;
        };
    }

    /// <summary>Reads a value; false if it is not allowed.</summary>
    public delegate bool Reader(string text, out T value);

    /// <inheritdoc/>
    public string Allowed { get; }

    /// <summary>With the value that holds when the option is not given.</summary>
    public CheckOption<T> Or(T value)
    {
        DefaultValueFactory = _ => value;
        return this;
    }
}

/// <summary>The kinds of options.</summary>
internal static class CheckOption
{
    /// <summary>A whole number.</summary>
    public static CheckOption<int> Number(string name, string description, int minimum, int maximum) => new(
        name,
        description,
        $"a whole number from {minimum} to {maximum}",
        (text, out value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum);

    /// <summary>A number that may have a fraction.</summary>
    public static CheckOption<double> Fractional(string name, string description, double minimum, double maximum) => new(
        name,
        description,
        FormattableString.Invariant($"a number from {minimum} to {maximum}"),
        (text, out value) =>
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum);

    /// <summary>Any text that is not empty.</summary>
    public static CheckOption<string> Text(string name, string description, string allowed) => new(
        name,
        description,
        allowed,
        (text, out value) =>
        {
            value = text;
            return text.Length > 0;
        });

    /// <summary>A host and its port.</summary>
    public static CheckOption<DnsEndPoint?> Target(string name, string description) => new(
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

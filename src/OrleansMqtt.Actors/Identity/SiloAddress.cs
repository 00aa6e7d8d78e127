using System.Globalization;
using System.Net;

namespace Orleans.Runtime;

/// <summary>The identity of one run of a silo: its endpoint, and a generation that is larger after each restart.</summary>
[Immutable]
[GenerateSerializer]
public sealed class SiloAddress : IEquatable<SiloAddress>
{
    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
    }

    /// <summary>The address of no silo.</summary>
    public static SiloAddress Zero { get; } = new(new IPEndPoint(IPAddress.Any, 0), 0);

    /// <summary>Where the silo listens, or would listen if it did not run alone.</summary>
    [Id(0)]
    public IPEndPoint Endpoint { get; }

    /// <summary>Which run of the silo this is.</summary>
    [Id(1)]
    public int Generation { get; }

    /// <summary>Makes an address.</summary>
    /// <param name="ep">The endpoint.</param>
    /// <param name="gen">The generation.</param>
    /// <returns>The address.</returns>
    public static SiloAddress New(IPEndPoint ep, int gen) => new(ep, gen);

    /// <inheritdoc cref="New(IPEndPoint, int)"/>
    public static SiloAddress New(IPAddress address, int port, int generation) => new(new IPEndPoint(address, port), generation);

    /// <summary>Reads what <see cref="ToParsableString"/> wrote.</summary>
    /// <param name="addr">The text, <c>address:port@generation</c>.</param>
    /// <returns>The address.</returns>
    /// <exception cref="FormatException">The text is no such address.</exception>
    public static SiloAddress FromParsableString(string addr)
    {
        var at = addr.LastIndexOf('@');
        var colon = at < 0 ? -1 : addr.LastIndexOf(':', at);
        if (colon < 0
            || !IPAddress.TryParse(addr.AsSpan(0, colon), out var address)
            || !ushort.TryParse(addr.AsSpan(colon + 1, at - colon - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !int.TryParse(addr.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var generation))
        {
            throw new FormatException($"\"{addr}\" is not a silo address (address:port@generation).");
        }

        return New(address, port, generation);
    }

    /// <summary>Writes <c>address:port@generation</c>.</summary>
    /// <returns>The text.</returns>
    public string ToParsableString() => string.Create(CultureInfo.InvariantCulture, $"{Endpoint.Address}:{Endpoint.Port}@{Generation}");

    /// <inheritdoc/>
    public bool Equals(SiloAddress? other) => other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Endpoint, Generation);

    /// <inheritdoc/>
    public override string ToString() => "S" + Endpoint + ":" + Generation.ToString(CultureInfo.InvariantCulture);
}

using Orleans.Runtime;

namespace OrleansMqtt.Actors.Networking.Handshakes;

/// <summary>Decides who is let in, and whether the one reached is the one meant.</summary>
/// <param name="cluster">The cluster's identifier.</param>
/// <param name="self">Who decides.</param>
/// <param name="refuse">Why a peer of this cluster is refused all the same; null lets it in.</param>
internal sealed class Reception(string cluster, PeerIdentity self, Func<PeerIdentity, string?> refuse)
{
    public Hello Introduce(SiloAddress? expected) => new(VersionRange.Ours, cluster, self, expected);

    /// <summary>The accepting side's decision.</summary>
    /// <param name="rest">The hello, without its prefix.</param>
    /// <param name="peer">Who says hello; null if that cannot be read.</param>
    public Reply Answer(ReadOnlySpan<byte> rest, out PeerIdentity? peer)
    {
        peer = null;
        var front = rest;
        if (!Hello.TryParseVersions(ref front, out var versions))
        {
            return Reply.Refuse("the hello is malformed");
        }

        if (VersionRange.Ours.Common(versions) is not { } version)
        {
            return Reply.Refuse($"it speaks version {versions} of the protocol, {self} speaks {VersionRange.Ours}");
        }

        if (Hello.Parse(rest) is not { } hello)
        {
            return Reply.Refuse("the hello is malformed");
        }

        peer = hello.Self;
        return Objection(hello) is { } objection ? Reply.Refuse(objection) : Reply.Accept(version, self);
    }

    /// <summary>The connecting side's decision.</summary>
    /// <returns>Why the connection is of no use; null: it is.</returns>
    public static string? Objection(Hello hello, Reply reply)
    {
        if (reply.Refusal is { } refusal)
        {
            return refusal;
        }

        if (VersionRange.Ours.Common(new VersionRange(reply.Version, reply.Version)) is null)
        {
            return $"it wants to speak version {reply.Version} of the protocol, which was not offered";
        }

        return hello.Expected is null || hello.Expected.Equals(reply.Self?.Silo) ? null : $"{hello.Expected} was expected, {reply.Self} answers";
    }

    private string? Objection(Hello hello)
    {
        if (hello.Cluster != cluster)
        {
            return $"it belongs to another cluster than {self}";
        }

        if (hello.Expected is { } expected && !expected.Equals(self.Silo))
        {
            return expected.Endpoint.Equals(self.Silo?.Endpoint)
                ? $"it expects generation {expected.Generation} of this silo, this is {self}"
                : $"it expects silo {expected}, this is {self}";
        }

        return refuse(hello.Self);
    }
}

using Orleans.Runtime;
using OrleansMqtt.Actors.Networking;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>How the process that an observer lives in is written down in references to it.</summary>
internal static class ObserverHome
{
    private const string SiloPrefix = "silo ";
    private const string ClientPrefix = "client ";

    public static string Of(PeerIdentity process) => process.Silo is { } silo ? SiloPrefix + silo.ToParsableString() : ClientPrefix + process.Client;

    /// <summary>Null if the text is none of these.</summary>
    public static PeerIdentity? Parse(string home)
    {
        if (home.StartsWith(ClientPrefix, StringComparison.Ordinal) && home.Length > ClientPrefix.Length)
        {
            return PeerIdentity.OfClient(home[ClientPrefix.Length..]);
        }

        if (!home.StartsWith(SiloPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return PeerIdentity.OfSilo(SiloAddress.FromParsableString(home[SiloPrefix.Length..]));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

namespace OrleansMqtt.Actors.Networking.Handshakes;

/// <summary>Versions of the protocol that one side speaks, both ends included.</summary>
internal readonly record struct VersionRange(ushort Lowest, ushort Highest)
{
    /// <summary>The versions of this program.</summary>
    public static VersionRange Ours { get; } = new(1, 1);

    /// <summary>The highest version that both speak; null if there is none.</summary>
    public ushort? Common(VersionRange other)
    {
        var highest = Math.Min(Highest, other.Highest);
        return highest >= Math.Max(Lowest, other.Lowest) ? highest : null;
    }

    public override string ToString() => Lowest == Highest ? $"{Lowest}" : $"{Lowest} to {Highest}";
}

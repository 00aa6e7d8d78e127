namespace OrleansMqtt.Actors.Serialization;

/// <summary>Where a reader is within an object. Begins as <c>default</c>.</summary>
internal struct FieldCursor
{
    /// <summary>The group of the field: 0 for the members of the lowest class with numbered members, and so on, see <see cref="WireMember.Group"/>.</summary>
    public int Group;

    public uint Id;

    public WireType Wire;

    /// <summary>The lowest id that may come next.</summary>
    public ulong Next;
}

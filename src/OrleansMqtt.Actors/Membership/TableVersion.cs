using System.Globalization;

namespace Orleans;

/// <summary>The version of a membership table: each change of a row counts it up, a heartbeat does not.</summary>
public sealed class TableVersion
{
    /// <summary>Makes one.</summary>
    /// <param name="version">The number.</param>
    /// <param name="eTag">What the table gave with it.</param>
    public TableVersion(int version, string eTag)
    {
        Version = version;
        VersionEtag = eTag;
    }

    /// <summary>The number, from 0; it only grows.</summary>
    public int Version { get; }

    /// <summary>What tells this state of the table from others.</summary>
    public string VersionEtag { get; }

    /// <summary>What a change makes of this version: the next number, and the ETag that it was read with.</summary>
    /// <returns>The version to write.</returns>
    public TableVersion Next() => new(Version + 1, VersionEtag);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"<{Version}, {VersionEtag}>");
}

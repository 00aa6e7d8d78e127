using Orleans.Runtime;

namespace Orleans;

/// <summary>Rows of the membership table, each with its ETag, and the version that they were read at.</summary>
public sealed class MembershipTableData
{
    /// <summary>Several rows; the dead come last, else by name.</summary>
    /// <param name="list">Rows and their ETags.</param>
    /// <param name="version">The version.</param>
    public MembershipTableData(List<Tuple<MembershipEntry, string>> list, TableVersion version)
    {
        list.Sort(static (left, right) =>
        {
            var byLife = (left.Item1.Status == SiloStatus.Dead).CompareTo(right.Item1.Status == SiloStatus.Dead);
            return byLife != 0 ? byLife : string.CompareOrdinal(left.Item1.SiloName, right.Item1.SiloName);
        });
        Members = list;
        Version = version;
    }

    /// <summary>One row.</summary>
    /// <param name="tuple">The row and its ETag.</param>
    /// <param name="version">The version.</param>
    public MembershipTableData(Tuple<MembershipEntry, string> tuple, TableVersion version)
    {
        Members = [tuple];
        Version = version;
    }

    /// <summary>No row.</summary>
    /// <param name="version">The version.</param>
    public MembershipTableData(TableVersion version)
    {
        Members = [];
        Version = version;
    }

    /// <summary>The rows and their ETags.</summary>
    public IReadOnlyList<Tuple<MembershipEntry, string>> Members { get; }

    /// <summary>The version.</summary>
    public TableVersion Version { get; }

    /// <summary>Finds a silo's row.</summary>
    /// <param name="silo">The silo.</param>
    /// <returns>The row and its ETag; null: it has none.</returns>
    public Tuple<MembershipEntry, string>? TryGet(SiloAddress silo)
    {
        foreach (var member in Members)
        {
            if (member.Item1.SiloAddress.Equals(silo))
            {
                return member;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Members.Count} silos, Version={Version}: {string.Join("; ", Members.Select(static member => member.Item1))}";
}

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>Finds the key that was probably meant.</summary>
internal static class NearestKey
{
    /// <summary>The known key with the fewest letters to insert, delete or replace, those of the section's name counted twice; keys under <paramref name="key"/> first.</summary>
    /// <param name="key">What was written.</param>
    /// <param name="known">At least one key.</param>
    public static string To(string key, IEnumerable<string> known) => known
        .OrderByDescending(candidate => candidate.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase))
        .ThenBy(candidate => Distance(key, candidate) + Distance(SectionOf(key), SectionOf(candidate)))
        .ThenBy(static candidate => candidate, StringComparer.Ordinal)
        .First();

    private static string SectionOf(string key) => key.Split(':')[0];

    // Levenshtein, one row at a time.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replace = diagonal + (char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.Length];
    }
}

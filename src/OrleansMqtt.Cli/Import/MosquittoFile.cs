namespace OrleansMqtt.Cli.Import;

/// <summary>Reads a mosquitto.conf.</summary>
internal static class MosquittoFile
{
    /// <summary>All settings in order, those of files in the folders that <c>include_dir</c> names among them.</summary>
    /// <exception cref="IOException">A file or folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static IReadOnlyList<MosquittoLine> Read(string path) => [.. ReadOne(path, mayInclude: true)];

    private static IEnumerable<MosquittoLine> ReadOne(string path, bool mayInclude)
    {
        var number = 0;
        foreach (var raw in File.ReadLines(path))
        {
            number++;
            var text = raw.Trim();
            if (text.Length == 0 || text.StartsWith('#')) continue;
            var space = text.AsSpan().IndexOfAny(' ', '\t');
            var line = space < 0 ? new MosquittoLine(path, number, text, "") : new MosquittoLine(path, number, text[..space], text[space..].Trim());
            // Mosquitto follows it in the first file alone, by the names' order.
            if (line.Name != "include_dir" || !mayInclude)
            {
                yield return line;
                continue;
            }
            foreach (var file in Directory.EnumerateFiles(line.Value, "*.conf").Order(StringComparer.Ordinal))
                foreach (var included in ReadOne(file, mayInclude: false)) yield return included;
        }
    }
}

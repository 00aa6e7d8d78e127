namespace OrleansMqtt.Benchmarks.Growth;

/// <summary>Writes a table row by row, so that what is known can be seen while the rest is measured.</summary>
internal sealed class MarkdownTable
{
    private readonly TextWriter _output;

    /// <summary>Writes the heading and the names of the columns; all but the first hold numbers.</summary>
    public MarkdownTable(TextWriter output, string heading, string first, params string[] columns)
    {
        _output = output;
        output.WriteLine();
        output.WriteLine($"## {heading}");
        output.WriteLine();
        output.WriteLine($"| {first} | {string.Join(" | ", columns)} |");
        output.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", columns.Length))}");
    }

    /// <summary>Measures at each size and writes a row for it. The first size is measured once before that, for nothing: the code is slow until
    /// the compiler has seen it run.</summary>
    public void Rows(IReadOnlyList<int> sizes, Func<int, double[]> measure)
    {
        measure(sizes[0]);
        foreach (var size in sizes) Row($"{size:N0}", measure(size));
    }

    /// <summary>Writes a row of whole numbers.</summary>
    public void Row(string first, params IEnumerable<double> numbers)
    {
        _output.WriteLine($"| {first} | {string.Join(" | ", numbers.Select(static number => $"{number:N0}"))} |");
        _output.Flush();
    }
}

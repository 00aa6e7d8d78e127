using System.Text;

namespace OrleansMqtt.Cluster.Tests.Nemesis;

/// <summary>Lines for the output of a test.</summary>
internal sealed class OutputWriter(ITestOutputHelper output) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override Task WriteLineAsync(string? value)
    {
        output.WriteLine(value ?? "");
        return Task.CompletedTask;
    }
}

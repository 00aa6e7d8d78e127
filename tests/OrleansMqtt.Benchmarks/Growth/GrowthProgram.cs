using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansMqtt.Benchmarks.Growth;

/// <summary>
/// Prints how memory and time grow with what the broker holds, as markdown. Sizes here are too large, and set-ups too long, for
/// BenchmarkDotNet, which builds each anew in a process of its own; the price is figures that are less exact.
/// </summary>
internal static class GrowthProgram
{
    private const int Largest = 1_000_000;

    /// <summary>Runs with the arguments behind <c>growth</c>: nothing, or the largest number of subscriptions, topics and messages.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var largest = Largest;
        if (args.Length > 1 || (args.Length == 1 && !TryParseSize(args[0], out largest)))
        {
            errors.WriteLine($"After growth there may be one number, the largest size, 1,000 to {Largest:N0} without separators; found: {string.Join(' ', args)}.");
            return 2;
        }

        output.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, up to {largest:N0} of each.");
        MemoryGrowth.Write(output, largest);
        MatchGrowth.Write(output, Sizes(0, largest));
        TopicGrowth.Write(output, Sizes(1, largest));
        RetainedGrowth.Write(output, Sizes(0, largest));
        return 0;
    }

    private static bool TryParseSize(string text, out int size) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size is >= 1_000 and <= Largest;

    private static int[] Sizes(int first, int largest) => [first, .. new[] { 1_000, 10_000, 100_000, Largest }.Where(size => size < largest), largest];
}

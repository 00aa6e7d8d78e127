using System.Globalization;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Packets;

/// <summary>Where random tests begin: ORLEANSMQTT_TEST_SEED if it is set, else anywhere. Always printed, so that a failure can be replayed.</summary>
internal static class TestSeed
{
    internal static int Take(ITestOutputHelper output)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ORLEANSMQTT_TEST_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        output.WriteLine($"ORLEANSMQTT_TEST_SEED={seed}");
        return seed;
    }
}

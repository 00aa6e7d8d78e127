using System.Globalization;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>Where random tests begin: ORLEANSMQTT_TEST_SEED if it is set, else anywhere. Always printed, so that a failure can be replayed.</summary>
internal static class Seed
{
    public static int Take()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ORLEANSMQTT_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"ORLEANSMQTT_TEST_SEED={seed}");
        return seed;
    }
}

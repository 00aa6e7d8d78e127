using System.Buffers;
using System.Globalization;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Proxies;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Tests.Serialization;

internal static class WireHarness
{
    public static byte[] Write<T>(this WireCodecs codecs, T value)
    {
        // Small pieces, so that what is written meets their ends.
        var output = new ArrayBufferWriter<byte>(1);
        codecs.Write(output, value);
        return output.WrittenSpan.ToArray();
    }

    public static T RoundTrip<T>(this WireCodecs codecs, T value) => codecs.Read<T>(codecs.Write(value));

    /// <summary>Where a random test begins: ORLEANSMQTT_TEST_SEED, else anywhere. Printed, so that a failure can be repeated.</summary>
    public static int Seed(ITestOutputHelper output)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ORLEANSMQTT_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"ORLEANSMQTT_TEST_SEED={seed}");
        return seed;
    }
}

/// <summary>References that know nothing but what they describe.</summary>
internal sealed class FakeReferences : IWireReferences, IReferenceRuntime
{
    public const string Here = "here";

    public List<string?> Homes { get; } = [];

    public WireReference Describe(GrainReference reference) =>
        new(reference.GrainId, typeof(IGrainObserver).IsAssignableFrom(reference.Kind.Interface) ? Here : null);

    public GrainReference Resolve(Type interfaceType, WireReference reference)
    {
        Homes.Add(reference.Home);
        return Create(interfaceType, reference.GrainId);
    }

    public GrainReference Create(Type interfaceType, GrainId grainId, ICallTarget? target = null) =>
        new ReferenceKind(this, grainId.Type, ProxyType.Of(interfaceType)).Create(grainId.Key.ToString(), target);

    public ICallTarget? Deliver(GrainId grainId, Call call) => throw new NotSupportedException("Nobody calls these.");
}

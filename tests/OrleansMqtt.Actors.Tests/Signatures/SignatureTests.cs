using Orleans;

namespace OrleansMqtt.Actors.Tests.Signatures;

/// <summary>The bundled runtime against the real assemblies of Orleans: what compiles against ours must compile against theirs.</summary>
public class SignatureTests
{
    // Only the runtime implements these; ours have fewer members on purpose.
    private static readonly HashSet<string> ImplementedByRuntime =
    [
        "Orleans.IGrainFactory", "Orleans.Runtime.IGrainContext", "Orleans.Runtime.IGrainLifecycle",
    ];

    private static readonly IReadOnlyDictionary<string, PublicType> Ours = PublicSurface.Read(typeof(Grain).Assembly.Location);

    private static readonly Dictionary<string, PublicType> Real =
        RealAssemblies().SelectMany(PublicSurface.Read).ToDictionary();

    [Fact]
    public void Types_that_Orleans_has_too_have_its_signatures()
    {
        var compared = Ours.Values.Where(type => Real.ContainsKey(type.Name)).ToArray();
        var differences = compared.SelectMany(type =>
            SignatureComparison.Differences(type, Real[type.Name], type.IsInterface && !ImplementedByRuntime.Contains(type.Name)));

        Assert.True(compared.Length >= 50, $"Only {compared.Length} types were compared.");
        AssertNone(differences);
    }

    [Fact]
    public void Every_other_type_is_known_to_be_in_an_assembly_out_of_reach()
    {
        // Whoever names a type of our own namespace knows that there is none in Orleans.
        var unknown = Ours.Keys.Where(name => !Real.ContainsKey(name) && !OutOfReach.Types.ContainsKey(name) && !name.StartsWith("OrleansMqtt.", StringComparison.Ordinal));
        var stale = OutOfReach.Types.Keys.Where(name => !Ours.ContainsKey(name) || Real.ContainsKey(name));

        AssertNone(unknown.Select(name => $"{name} is in no assembly of Orleans at hand, nor on the list of those out of reach."));
        AssertNone(stale.Select(name => $"{name} is on the list of those out of reach, but is not ours, or is at hand."));
    }

    [Fact]
    public void What_the_real_assemblies_use_of_types_out_of_reach_has_the_same_signature_here()
    {
        var used = RealAssemblies().SelectMany(ForeignMembers.UsedBy).Distinct()
            .Where(member => OutOfReach.Types.ContainsKey(member.Type))
            .ToLookup(member => (member.Type, Name: NameOf(member.Signature)), member => member.Signature);
        var compared = used.Where(overloads => Ours[overloads.Key.Type].Members.Keys.Any(key => NameOf(key) == overloads.Key.Name)).ToArray();
        var differences = compared
            .Where(overloads => !overloads.Any(Ours[overloads.Key.Type].Members.ContainsKey))
            .Select(overloads => $"Orleans uses {overloads.Key.Type}.{string.Join("; ", overloads)}, ours has other parameters.");

        Assert.True(compared.Length > 10, $"Only {compared.Length} members were compared.");
        AssertNone(differences);
    }

    private static string NameOf(string signature) => signature.Split('(', '`')[0];

    private static void AssertNone(IEnumerable<string> sentences)
    {
        var all = sentences.Order().ToArray();
        Assert.True(all.Length == 0, string.Join(Environment.NewLine, all));
    }

    private static string[] RealAssemblies() => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "RealOrleans"), "*.dll");
}

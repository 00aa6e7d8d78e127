namespace OrleansMqtt.Actors.Tests.Signatures;

/// <summary>A public type as code that uses it sees it.</summary>
/// <param name="Name">Its full name, with arity.</param>
/// <param name="Shape">Kind, modifiers, generic parameters, base type, and for attributes where they may be put.</param>
/// <param name="Interfaces">The interfaces that it implements itself.</param>
/// <param name="Members">By name and parameter types, what else can be said of a public or protected member.</param>
internal sealed record PublicType(
    string Name, IReadOnlyDictionary<string, string> Shape, IReadOnlySet<string> Interfaces, IReadOnlyDictionary<string, PublicMember> Members)
{
    public bool IsInterface => Shape["kind"] == "interface";

    public bool IsEnum => Shape["kind"] == "enum";
}

/// <summary>A member, except for the name and parameter types by which it is found.</summary>
/// <param name="Description">Accessibility, modifiers, type, constant value, parameters' names and which of them are optional.</param>
/// <param name="MustBeImplemented">Whether a class that implements the interface must have it.</param>
/// <param name="IsOverride">Whether it overrides something that the base type has.</param>
internal sealed record PublicMember(string Description, bool MustBeImplemented, bool IsOverride);

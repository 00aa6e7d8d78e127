namespace Orleans;

/// <summary>Names the grain type of a class, so that renaming the class does not lose its stored state.</summary>
/// <param name="grainType">The name, the first part of the identity of every grain of this class.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    internal string Name { get; } = grainType;
}

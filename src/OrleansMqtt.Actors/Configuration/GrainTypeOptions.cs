namespace Orleans.Configuration;

/// <summary>The grain classes of a silo.</summary>
public class GrainTypeOptions
{
    /// <summary>The classes. What is removed or added here changes nothing in the bundled runtime.</summary>
    public HashSet<Type> Classes { get; } = [];
}

namespace Orleans.Configuration;

/// <summary>The grain classes of a silo.</summary>
public class GrainTypeOptions
{
    /// <summary>The classes; at first all grain classes of the process. Grains of a class that is not among them live on other silos.</summary>
    public HashSet<Type> Classes { get; } = [];
}

namespace Orleans.Configuration;

/// <summary>A silo's own settings.</summary>
public class SiloOptions
{
    /// <summary>The silo's name. Default: the machine's.</summary>
    public string SiloName { get; set; } = Environment.MachineName;
}

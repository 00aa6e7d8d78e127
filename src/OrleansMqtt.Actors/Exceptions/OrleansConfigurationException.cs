using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>The silo's configuration, or a contract that it hosts, is wrong; it does not start.</summary>
[GenerateSerializer]
[SuppressMessage("Design", "CA1032", Justification = "Orleans declares these constructors only.")]
public sealed class OrleansConfigurationException : Exception
{
    /// <summary>With a message.</summary>
    /// <param name="message">What is wrong.</param>
    public OrleansConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public OrleansConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

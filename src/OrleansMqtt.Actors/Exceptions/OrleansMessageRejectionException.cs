using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>A call could not be delivered; the grain did not run it.</summary>
[GenerateSerializer]
[SuppressMessage("Design", "CA1032", Justification = "Orleans lets only the runtime create it.")]
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message)
        : base(message)
    {
    }

    internal OrleansMessageRejectionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A state was not written, since somebody else wrote it first. The activation that gets it is deactivated.</summary>
[GenerateSerializer]
public class InconsistentStateException : OrleansException
{
    /// <summary>Without a message.</summary>
    public InconsistentStateException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">What happened.</param>
    public InconsistentStateException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    [SuppressMessage("Design", "CA1062", Justification = "A cause may be missing.")]
    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException!)
    {
    }

    /// <summary>With both versions.</summary>
    /// <param name="errorMsg">What happened.</param>
    /// <param name="storedEtag">The stored version.</param>
    /// <param name="currentEtag">The version that the writer knew.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    /// <summary>With both versions and a cause.</summary>
    /// <param name="errorMsg">What happened.</param>
    /// <param name="storedEtag">The stored version.</param>
    /// <param name="currentEtag">The version that the writer knew.</param>
    /// <param name="storageException">The cause.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException!)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The stored version.</summary>
    [Id(1)]
    public string? StoredEtag { get; }

    /// <summary>The version that the writer knew.</summary>
    [Id(2)]
    public string? CurrentEtag { get; }

    /// <summary>Whether it has not yet left the activation whose state is out of date.</summary>
    internal bool IsSourceActivation { get; set; } = true;
}

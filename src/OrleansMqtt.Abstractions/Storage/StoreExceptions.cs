namespace OrleansMqtt.Storage;

/// <summary>The store cannot be opened as configured. Its message is the one sentence that start-up ends with.</summary>
public sealed class StoreUnusableException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="message">What is wrong and what would be right, in one sentence.</param>
    /// <param name="innerException">What the store said.</param>
    public StoreUnusableException(string message, Exception? innerException = null) : base(message, innerException) { }
}

/// <summary>The store has no space for a write. Nothing of it is there, what was written before stands, and a later write may succeed.</summary>
public sealed class StoreFullException : IOException
{
    /// <summary>Creates it.</summary>
    public StoreFullException(string message, Exception? innerException = null) : base(message, innerException) { }
}

/// <summary>The store cannot be reached at present. Whether the write is there is not known; the same write may be tried again.</summary>
public sealed class StoreUnavailableException : IOException
{
    /// <summary>Creates it.</summary>
    public StoreUnavailableException(string message, Exception? innerException = null) : base(message, innerException) { }
}

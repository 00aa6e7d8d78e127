namespace OrleansMqtt.Actors.Calls;

/// <summary>Takes the outcome of a call that was made for another process, once.</summary>
internal interface IReplySink
{
    /// <summary>The call returned.</summary>
    /// <typeparam name="T">The result's type; <see cref="VoidResult"/> where there is none.</typeparam>
    void Succeeded<T>(T result);

    /// <summary>The call failed.</summary>
    void Failed(Exception exception);
}

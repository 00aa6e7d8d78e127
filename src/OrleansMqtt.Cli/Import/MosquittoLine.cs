namespace OrleansMqtt.Cli.Import;

/// <summary>A setting of a mosquitto.conf.</summary>
/// <param name="File">Where it stands.</param>
/// <param name="Number">In which line.</param>
/// <param name="Name">The option.</param>
/// <param name="Value">What stands behind it.</param>
internal sealed record MosquittoLine(string File, int Number, string Name, string Value);

/// <summary>A line that could not be taken over, or not as it stands.</summary>
/// <param name="Line">The line; its value is not told, since it may be a password.</param>
/// <param name="Reason">Why, and what to do instead.</param>
internal sealed record ImportNote(MosquittoLine Line, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Line.File}:{Line.Number}: {Line.Name}: {Reason}";
}

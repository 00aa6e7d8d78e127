namespace OrleansMqtt.Grains.Hosting;

/// <summary>Those of a silo that is the only one.</summary>
internal sealed class NoGrainMoves : IGrainMoves
{
    /// <inheritdoc/>
    public long Version => 0;

    /// <inheritdoc/>
    public Task Settled => Task.CompletedTask;
}

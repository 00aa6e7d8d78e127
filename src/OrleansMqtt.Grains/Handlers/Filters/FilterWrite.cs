using OrleansMqtt.Handlers;

namespace OrleansMqtt.Grains.Handlers.Filters;

/// <summary>A message on its way to a filter.</summary>
/// <param name="filter">The filter.</param>
/// <param name="run">Goes on with what it decides.</param>
/// <param name="size">About what it takes in memory.</param>
internal sealed class FilterWrite(TopicHandler filter, FilterRun run, int size) : HandlerWrite(filter, run.Message, size, null)
{
    /// <summary>What the filter has decided; null as long as it has not.</summary>
    public FilterDecision? Decision { get; set; }

    /// <inheritdoc/>
    protected override void Complete(Exception? failure) => run.OnFiltered(Handler, Decision, failure);
}

using Microsoft.Extensions.DependencyInjection;

namespace OrleansMqtt.Handlers;

/// <summary>
/// A grain that handles topics: see <see cref="TopicHandlerAttribute"/>. It has nothing to implement but its own methods. Key: what the handler's <see cref="TopicHandlerAttribute.Key"/> makes of the
/// topic (<see cref="TopicKey"/>).
/// </summary>
[Alias("OrleansMqtt.ITopicHandlerGrain")]
public interface ITopicHandlerGrain : IGrainWithStringKey
{
    /// <summary>Is called by the broker. Gives each message, in order, to the method that handles it, until one has failed or a moment is over.</summary>
    /// <param name="batch">The messages.</param>
    /// <returns>What became of the first ones, at least one: the others have not been touched.</returns>
    // Longer than any handler may take. Whoever calls gives up by himself.
    [Alias("Handle")]
    [ResponseTimeout("01:00:00")]
    Task<HandlerResult> HandleAsync(HandlerBatch batch) => this is IGrainBase { GrainContext.ActivationServices: var services }
        ? services.GetRequiredService<IHandlerRuntime>().HandleAsync(this, batch)
        : throw new NotSupportedException($"{GetType()} is not derived from Grain.");
}

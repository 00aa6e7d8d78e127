using Orleans.Serialization;
using Orleans.Storage;
using Orleans.Streams;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Streams.Queues;

namespace OrleansMqtt.Streams.Subscriptions;

/// <summary>
/// Where Orleans keeps who has subscribed to the provider's streams. Whoever subscribes waits until it is written here: so it is the place where the broker learns which filters are wanted, whichever grain, client
/// or subscription manager has asked, and where it refuses what is no filter.
/// </summary>
internal sealed class SubscriptionStorage(string provider, IGrainStorage inner, IStreamQueueMapper queues, IGrainFactory grains, Serializer serializer) : IGrainStorage
{
    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = new GrainState<StoredSubscriptions>();
        await inner.ReadStateAsync(stateName, grainId, stored);
        grainState.State = stored.RecordExists ? serializer.Deserialize<T>(stored.State!.Body) : Activator.CreateInstance<T>();
        (grainState.ETag, grainState.RecordExists) = (stored.ETag, stored.RecordExists);
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stream = StreamOf(grainId);
        // What is subscribed to in vain does no harm, and what is wanted has to be subscribed to.
        var isWanted = SubscribersOf<T>.Count(grainState.State) > 0;
        if (isWanted) await QueueOf(stream).SubscribeAsync(FilterOf(stream));
        var stored = Stored(grainState, serializer.SerializeToArray(grainState.State));
        await inner.WriteStateAsync(stateName, grainId, stored);
        (grainState.ETag, grainState.RecordExists) = (stored.ETag, true);
        if (!isWanted) await QueueOf(stream).UnsubscribeAsync(stream.Key);
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = Stored(grainState, []);
        await inner.ClearStateAsync(stateName, grainId, stored);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), stored.ETag, false);
        var stream = StreamOf(grainId);
        await QueueOf(stream).UnsubscribeAsync(stream.Key);
    }

    private static GrainState<StoredSubscriptions> Stored<T>(IGrainState<T> state, byte[] body) => new(new StoredSubscriptions { Body = body }, state.ETag) { RecordExists = state.RecordExists };

    private IStreamQueueGrain QueueOf((string Namespace, string Key) stream) =>
        grains.GetGrain<IStreamQueueGrain>(QueueName.Of(provider, queues.GetQueueForStream(StreamId.Create(stream.Namespace, stream.Key))));

    private string FilterOf((string Namespace, string Key) stream)
    {
        if (stream.Namespace != provider) throw new ArgumentException($"The stream {stream.Namespace}/{stream.Key} is none of the provider {provider}: its namespace has to be {provider}.");
        if (!TopicFilter.IsValid(stream.Key) || SharedFilter.IsShared(stream.Key))
            throw new ArgumentException($"\"{stream.Key}\" is no topic filter that can be a stream: it has to be one as in SUBSCRIBE, without a shared group.");
        return stream.Key;
    }

    // Provider, namespace and key, with a slash between them; neither of the first two has one.
    private static (string Namespace, string Key) StreamOf(GrainId grain)
    {
        var parts = grain.Key.ToString()!.Split('/', 3);
        return (parts[1], parts[2]);
    }
}

using System.Collections.Concurrent;
using System.Threading.Channels;
using Orleans;
using Orleans.Streams;

namespace OrleansMqtt.Streams.Tests;

/// <summary>A grain that subscribes to a filter, and goes on with that wherever it begins anew. Key: the name under which it notes what it gets.</summary>
public interface IListenerGrain : IGrainWithStringKey
{
    Task SubscribeAsync(string filter);

    Task UnsubscribeAsync(string filter);
}

/// <inheritdoc cref="IListenerGrain"/>
public sealed class ListenerGrain([PersistentState("filters")] IPersistentState<ListenerState> filters) : Grain, IListenerGrain, IAsyncObserver<MqttMessage>
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<string, Channel<string>> Notes = new();

    public static async Task<string> TakeAsync(string name) => await NotesOf(name).Reader.ReadAsync().AsTask().WaitAsync(Guard);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var filter in filters.State.Filters)
            foreach (var handle in await StreamOf(filter).GetAllSubscriptionHandles()) await handle.ResumeAsync(this);
    }

    public async Task SubscribeAsync(string filter)
    {
        await StreamOf(filter).SubscribeAsync(this);
        filters.State.Filters.Add(filter);
        await filters.WriteStateAsync();
    }

    public async Task UnsubscribeAsync(string filter)
    {
        foreach (var handle in await StreamOf(filter).GetAllSubscriptionHandles()) await handle.UnsubscribeAsync();
        filters.State.Filters.Remove(filter);
        await filters.WriteStateAsync();
    }

    public Task OnNextAsync(MqttMessage item, StreamSequenceToken? token = null)
    {
        NotesOf(this.GetPrimaryKeyString()).Writer.TryWrite(item.PayloadText);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    private static Channel<string> NotesOf(string name) => Notes.GetOrAdd(name, static _ => Channel.CreateUnbounded<string>());

    private IAsyncStream<MqttMessage> StreamOf(string filter) => this.GetStreamProvider("mqtt").GetStream<MqttMessage>("mqtt", filter);
}

/// <summary>The filters that a grain has subscribed to.</summary>
[GenerateSerializer]
public sealed class ListenerState
{
    [Id(0)] public HashSet<string> Filters { get; set; } = [];
}

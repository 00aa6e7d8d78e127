using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Providers;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.Streams;
using OrleansMqtt.Streams.Connections;
using OrleansMqtt.Streams.Queues;
using OrleansMqtt.Streams.Subscriptions;

namespace OrleansMqtt.Streams;

/// <summary>
/// Topic filters as streams: <c>this.GetStreamProvider("mqtt").GetStream&lt;MqttMessage&gt;("mqtt", "sensors/+/temperature")</c>. The stream's namespace is the provider's name, its key the filter. To subscribe to the
/// stream is to subscribe to the filter; what is given to <c>OnNextAsync</c> is published.
/// </summary>
/// <remarks>
/// <para>
/// The queues of Orleans' persistent streams are persistent sessions of the broker. What was acknowledged to its publisher at QoS 1 or 2, while a grain was subscribed, is in a session's log, and is acknowledged by the
/// queue when all subscribers have returned from it: it is delivered at least once, though any silo is killed. After such an end, or when a queue moves, messages may come twice, in their order. Messages of QoS 0 come
/// at most once. Those of one publisher on one topic come in order at each quality of service.
/// </para>
/// <para>
/// Limits. Not rewindable: a subscriber gets what is published after it has subscribed; retained messages are not sent to it. A subscriber that fails is given the message again for a minute
/// (<see cref="StreamPullingAgentOptions.MaxEventDeliveryTime"/>), others on the queue wait meanwhile, and then the message is given up and logged. Explicit subscriptions alone, as a filter has to be known; a grain resumes them in
/// <c>OnActivateAsync</c>, as with any stream. What waits is bounded as for any session (<c>Limits:MaxQueuedMessages</c>, for each queue). Publishers, and permissions of users, know nothing of streams: grains see all topics where the
/// gateway is the silo's own, which it is in clusters. A message to be published that fails with anything but <see cref="ArgumentException"/> may have been published.
/// </para>
/// </remarks>
public static class MqttStreamExtensions
{
    /// <summary>Adds a stream provider of topic filters to a silo: to all silos of the cluster. The store has to be one that silos share.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The provider's name, and the namespace of its streams; without a slash.</param>
    /// <param name="configure">Changes its options.</param>
    /// <exception cref="OrleansConfigurationException">The name, or an option, is not allowed.</exception>
    public static ISiloBuilder AddMqttStreams(this ISiloBuilder silo, string name = "mqtt", Action<MqttStreamOptions>? configure = null)
    {
        var options = AddOptions(silo.Services, name, configure);
        if (silo.Services.All(static service => service.ServiceType != typeof(StreamGateway)))
        {
            silo.Services.AddSingleton<StreamGateway>();
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static services => services.GetRequiredService<StreamGateway>());
        }
        silo.Services.AddKeyedSingleton<IGrainStorage>(name, static (services, key) => CreateStorage(services, (string)key));
        return silo.AddPersistentStreams(name, MqttQueueAdapterFactory.Create, streams =>
        {
            streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly);
            streams.ConfigurePullingAgent(agent => agent.Configure(agent => agent.GetQueueMsgsTimerPeriod = options.Poll));
        });
    }

    /// <summary>Adds a stream provider of topic filters to a client of a cluster whose silos have it.</summary>
    /// <param name="client">The client.</param>
    /// <param name="name">The provider's name in the silos.</param>
    /// <exception cref="OrleansConfigurationException">The name is not allowed.</exception>
    public static IClientBuilder AddMqttStreams(this IClientBuilder client, string name = "mqtt")
    {
        AddOptions(client.Services, name, null);
        return client.AddPersistentStreams(name, MqttQueueAdapterFactory.Create, static streams => streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly));
    }

    private static MqttStreamOptions AddOptions(IServiceCollection services, string name, Action<MqttStreamOptions>? configure)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Contains('/', StringComparison.Ordinal))
            throw new OrleansConfigurationException($"The stream provider's name is \"{name}\"; allowed is one without a slash that is not empty.");
        var options = new MqttStreamOptions();
        configure?.Invoke(options);
        Require(options.Queues is >= 1 and <= 1024, nameof(options.Queues), options.Queues, "1 to 1,024");
        Require(options.Window is >= 100 and <= 65_535, nameof(options.Window), options.Window, "100 to 65,535");
        Require(options.Poll > TimeSpan.Zero, nameof(options.Poll), options.Poll, "more than 0");
        services.Configure<MqttStreamOptions>(name, configured => (configured.Queues, configured.Poll, configured.Window) = (options.Queues, options.Poll, options.Window));
        services.TryAddSingleton(TimeProvider.System);
        return options;

        void Require(bool isAllowed, string option, object value, string allowed)
        {
            if (!isAllowed) throw new OrleansConfigurationException($"{option} of the stream provider {name} is {value}; allowed is {allowed}.");
        }
    }

    private static SubscriptionStorage CreateStorage(IServiceProvider services, string name)
    {
        var inner = services.GetKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_PUBSUB_PROVIDER_NAME) ?? services.GetRequiredKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
        return new SubscriptionStorage(name, inner, services.GetRequiredKeyedService<IQueueAdapterFactory>(name).GetStreamQueueMapper(), services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<Serializer>());
    }
}

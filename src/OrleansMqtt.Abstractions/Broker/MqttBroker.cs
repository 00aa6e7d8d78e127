using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Handlers.Payloads;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Broker;

/// <inheritdoc cref="IMqttBroker"/>
// What users write may want it in its constructor, before the broker's parts are made: those are looked for when they are used.
internal sealed class MqttBroker(IServiceProvider services, PayloadCodecs codecs, BrokerMetrics metrics, TimeProvider time) : IMqttBroker
{
    private IGatewayAccess? Gateway => services.GetService<IGatewayAccess>();

    /// <inheritdoc/>
    public Task PublishAsync<T>(string topic, T payload, QualityOfService qos, bool retain, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (!Enum.IsDefined(qos)) throw new ArgumentException($"{qos} is no quality of service.", nameof(qos));
        return PublishMessageAsync(new Message(Encoding.UTF8.GetBytes(topic), [], codecs.Encode(payload).Span) { QoS = qos, Retain = retain }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task PublishMessageAsync(Message message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!TopicName.IsValid(message.Topic)) throw new ArgumentException($"\"{message.TopicName}\" is no topic name.", nameof(message));
        return services.GetRequiredService<IMessagePublisher>().PublishAsync(message).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public BrokerStatistics GetStatistics() => new()
    {
        ConnectionsTotal = metrics.Accepted,
        ConnectionsCurrent = metrics.Connected,
        ConnectionsMaximum = metrics.MaximumConnected,
        MessagesReceived = metrics.PublishesReceived,
        MessagesSent = metrics.Sent,
        MessagesDropped = metrics.TotalDropped,
        SubscriptionsCurrent = metrics.Subscriptions,
        SubscriptionsBegun = metrics.SubscriptionsBegun,
        // Read in this order it is never negative: what begins is counted as begun first.
        SubscriptionsEnded = -metrics.Subscriptions + metrics.SubscriptionsBegun,
        RetainedMessages = metrics.Retained,
        ConnectionsByAddress = Gateway?.ConnectionsByAddress() ?? new Dictionary<string, int>(),
    };

    /// <inheritdoc/>
    public async Task<BrokerHealth> CheckHealthAsync(CancellationToken cancellationToken)
    {
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        var isRunning = lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
        // A host need not have any.
        var report = services.GetService<HealthCheckService>() is { } checks ? await checks.CheckHealthAsync(cancellationToken) : null;
        return new BrokerHealth
        {
            Status = isRunning ? report?.Status ?? HealthStatus.Healthy : HealthStatus.Unhealthy,
            IsRunning = isRunning,
            Connections = metrics.Connected,
            MaxConnections = Gateway?.MaxConnections ?? 0,
            Problems = report is null
                ? new Dictionary<string, string>()
                : report.Entries.Where(static entry => entry.Value.Status != HealthStatus.Healthy)
                    .ToDictionary(static entry => entry.Key, static entry => entry.Value.Description ?? entry.Value.Exception?.Message ?? entry.Value.Status.ToString()),
        };
    }

    /// <inheritdoc/>
    public async Task StopAsync(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        try
        {
            using var end = new CancellationTokenSource(timeout, time);
            if (Gateway is { } gateway) await gateway.StopAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            // Time was up: the host ends what is left.
        }
        finally
        {
            services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }
    }
}

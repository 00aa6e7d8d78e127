using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.MqttJs;

[CollectionDefinition(Name)]
public sealed class MqttJsCollection : ICollectionFixture<BrokerFixture>
{
    public const string Name = "mqtt.js";
}

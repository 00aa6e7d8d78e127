using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Paho;

[CollectionDefinition(Name)]
public sealed class PahoCollection : ICollectionFixture<BrokerFixture>
{
    public const string Name = "paho-mqtt for Python";
}

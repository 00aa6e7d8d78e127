using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Mosquitto;

[CollectionDefinition(Name)]
public sealed class MosquittoCollection : ICollectionFixture<BrokerFixture>
{
    public const string Name = "mosquitto clients";
}

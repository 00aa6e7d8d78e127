using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Curl;

[CollectionDefinition(Name)]
public sealed class CurlCollection : ICollectionFixture<BrokerFixture>
{
    public const string Name = "curl";
}

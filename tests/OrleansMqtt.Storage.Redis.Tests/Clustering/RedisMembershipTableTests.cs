using OrleansMqtt.Storage.Redis.Tests.Support;
using OrleansMqtt.Storage.Specification;

namespace OrleansMqtt.Storage.Redis.Tests.Clustering;

public sealed class RedisMembershipTableTests(SharedServer server) : MembershipTableSpecification
{
    protected override ValueTask<IMembershipTable> CreateAsync() => new(Membership.Open(RedisStoreUnderTest.OptionsOf(server.Address)).Table);
}

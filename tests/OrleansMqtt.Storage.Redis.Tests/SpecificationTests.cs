using OrleansMqtt.Storage.Redis.Tests.Support;
using OrleansMqtt.Storage.Specification;

namespace OrleansMqtt.Storage.Redis.Tests;

public sealed class RedisSessionLogTests(SharedServer server) : SessionLogSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisSessionLogUpdateTests(SharedServer server) : SessionLogUpdateSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisSessionLogIdentityTests(SharedServer server) : SessionLogIdentitySpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisSessionLogFencingTests(SharedServer server) : SessionLogFencingSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisRetainedStoreTests(SharedServer server) : RetainedStoreSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisSubscriptionStoreTests(SharedServer server) : SubscriptionStoreSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisDeadlineStoreTests(SharedServer server) : DeadlineStoreSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisConnectionStoreTests(SharedServer server) : ConnectionStoreSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisLeaseStoreTests(SharedServer server) : LeaseStoreSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisGrainStorageTests(SharedServer server) : GrainStorageSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisFaultTests(SharedServer server) : FaultSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisPartitionFencingTests(SharedServer server) : PartitionFencingSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisLastingPartitionFencingTests(SharedServer server) : LastingPartitionFencingSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

public sealed class RedisTopicFaultTests(SharedServer server) : FaultyTopicSpecification
{
    protected override async ValueTask<StoreUnderTest> CreateAsync() => await RedisStoreUnderTest.OpenAsync(server.Address);
}

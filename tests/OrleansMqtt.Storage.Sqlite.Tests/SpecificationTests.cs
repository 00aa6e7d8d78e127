using OrleansMqtt.Storage.Specification;
using OrleansMqtt.Storage.Sqlite.Tests.Support;

namespace OrleansMqtt.Storage.Sqlite.Tests;

public sealed class SqliteSessionLogTests : SessionLogSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteSessionLogUpdateTests : SessionLogUpdateSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteSessionLogIdentityTests : SessionLogIdentitySpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteSessionLogFencingTests : SessionLogFencingSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteRetainedStoreTests : RetainedStoreSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteSubscriptionStoreTests : SubscriptionStoreSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteDeadlineStoreTests : DeadlineStoreSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteConnectionStoreTests : ConnectionStoreSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteLeaseStoreTests : LeaseStoreSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteGrainStorageTests : GrainStorageSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteFaultTests : FaultSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqlitePartitionFencingTests : PartitionFencingSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteLastingPartitionFencingTests : LastingPartitionFencingSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

public sealed class SqliteTopicFaultTests : FaultyTopicSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new SqliteStoreUnderTest());
}

using OrleansMqtt.Storage.Specification;

namespace OrleansMqtt.Grains.Tests.Storage;

// Retained messages and routes of the `memory` store are in the topic grains alone, so there is nothing to specify.
public sealed class MemorySessionLogTests : SessionLogSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new MemoryStoreUnderTest());
}

public sealed class MemorySessionLogUpdateTests : SessionLogUpdateSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new MemoryStoreUnderTest());
}

public sealed class MemorySessionLogIdentityTests : SessionLogIdentitySpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new MemoryStoreUnderTest());
}

public sealed class MemorySessionLogFencingTests : SessionLogFencingSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new MemoryStoreUnderTest());
}

public sealed class MemoryPartitionFencingTests : PartitionFencingSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new MemoryStoreUnderTest());
}

public sealed class MemoryDeadlineStoreTests : DeadlineStoreSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new MemoryStoreUnderTest());
}

public sealed class MemoryConnectionStoreTests : ConnectionStoreSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new MemoryStoreUnderTest());
}

public sealed class MemoryLeaseStoreTests : LeaseStoreSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new MemoryStoreUnderTest());
}

public sealed class MemoryGrainStorageTests : GrainStorageSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new MemoryStoreUnderTest());
}

public sealed class MemoryFaultTests : FaultSpecification
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => new(new MemoryStoreUnderTest());
}

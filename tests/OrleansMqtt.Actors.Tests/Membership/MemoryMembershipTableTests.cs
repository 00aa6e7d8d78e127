using Orleans;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Storage.Specification;

namespace OrleansMqtt.Actors.Tests.Membership;

public sealed class MemoryMembershipTableTests : MembershipTableSpecification
{
    protected override ValueTask<IMembershipTable> CreateAsync() => new(new MemoryMembershipTable());
}

using System.Collections.Immutable;

namespace OrleansMqtt.Gateway.Tests.Lanes;

/// <summary>What is between a caller and a callee.</summary>
internal interface INetwork
{
    Task<ImmutableArray<int>> CallAsync(Func<Task<ImmutableArray<int>>> call);
}

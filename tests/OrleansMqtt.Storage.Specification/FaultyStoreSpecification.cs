using OrleansMqtt.Storage.Specification.Faults;

namespace OrleansMqtt.Storage.Specification;

/// <summary>A store whose writes go wrong as the test says.</summary>
public abstract class FaultyStoreSpecification : StoreSpecification
{
    public static TheoryData<Fault> Failures => [Fault.BeforeWrite, Fault.AfterWrite];

    protected FaultPlan Faults { get; } = new();

    protected async Task FailAsync(Fault fault, Func<Task> write)
    {
        Faults.Next(fault);
        await Assert.ThrowsAsync<StoreUnavailableException>(write);
    }
}

namespace OrleansMqtt.Storage.Specification;

/// <summary>Opens a new, empty store for each test.</summary>
public abstract class StoreSpecification : IAsyncLifetime
{
    private StoreUnderTest? _store;

    protected StoreUnderTest Store => _store!;

    protected abstract ValueTask<StoreUnderTest> CreateAsync();

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

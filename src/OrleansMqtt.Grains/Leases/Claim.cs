using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Leases;

/// <summary>
/// Which activation of a grain is the latest, by the lease store. The latest takes the claim from whoever has it; its token, the epoch, is higher. It never ends by itself, so
/// that nothing depends on the store's clock, nor on the store being there at all times.
/// </summary>
internal sealed class Claim
{
    private static readonly TimeSpan Forever = TimeSpan.FromDays(36_500);
    private readonly ILeaseStore _store;
    private readonly Lease _lease;

    private Claim(ILeaseStore store, Lease lease, bool wasHeld) => (_store, _lease, WasHeld) = (store, lease, wasHeld);

    /// <summary>Higher than that of all claims of the name before.</summary>
    public long Epoch => _lease.Token;

    /// <summary>Whether an activation before did not give it back: what that has promised may still be in force.</summary>
    public bool WasHeld { get; }

    /// <summary>Takes the claim.</summary>
    public static async Task<Claim> TakeAsync(ILeaseStore store, string name)
    {
        var (lease, wasHeld) = await store.TakeAsync(name, Guid.NewGuid().ToString("N"), Forever);
        return new Claim(store, lease, wasHeld);
    }

    /// <summary>Whether nobody has taken it since.</summary>
    public async Task<bool> IsHeldAsync() => await _store.RenewAsync(_lease, Forever) is not null;

    /// <summary>Gives it back: nothing that was promised under it is in force any more.</summary>
    public Task ReleaseAsync() => _store.ReleaseAsync(_lease).AsTask();
}

namespace OrleansMqtt.Storage.Sqlite.Engine;

/// <summary>A record that cannot be decoded.</summary>
/// <param name="Table">Its table, which has columns <c>id</c> and <c>body</c>.</param>
/// <param name="Id">Its row.</param>
/// <param name="Key">What it is called in the quarantine file.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Reason">Why it cannot be decoded.</param>
internal sealed record DamagedRecord(string Table, long Id, string Key, byte[] Body, string Reason);

/// <summary>What was read: records, and those that cannot be decoded.</summary>
internal sealed class RecordPage<T>
{
    private readonly ImmutableArray<T>.Builder _records = ImmutableArray.CreateBuilder<T>();

    public List<DamagedRecord> Damaged { get; } = [];

    public ImmutableArray<T> Records => _records.DrainToImmutable();

    public void Add(T record) => _records.Add(record);

    public void AddDamaged(string table, long id, string key, ReadOnlySpan<byte> body, Exception reason) => Damaged.Add(new DamagedRecord(table, id, key, body.ToArray(), reason.Message));
}

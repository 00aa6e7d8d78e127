namespace OrleansMqtt.Storage.Sqlite.Sessions;

/// <summary>What the store knows of a session log besides its entries.</summary>
/// <param name="number">What stands for the client identifier in other tables.</param>
internal sealed class LogHead(long number)
{
    public long Number => number;

    public long Epoch { get; set; }

    public long Next { get; set; }

    public int Count { get; set; }

    public long Bytes { get; set; }

    /// <summary>Whether it differs from its row.</summary>
    public bool IsChanged { get; set; }

    public SessionLogExtent Extent => new(Next, Count, Bytes);
}

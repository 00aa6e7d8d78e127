namespace OrleansMqtt.Routing;

/// <summary>Something that is written to many times and flushed once, see <see cref="DeliveryBatch"/>.</summary>
internal interface IBatched
{
    /// <summary>Sends what has been written.</summary>
    void Flush();
}

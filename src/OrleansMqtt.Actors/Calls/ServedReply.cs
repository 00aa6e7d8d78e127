namespace OrleansMqtt.Actors.Calls;

/// <summary>Where the outcome of a call goes that was made for a caller in another process: the first one counts.</summary>
internal sealed class ServedReply(IReplySink sink)
{
    private int _settled;

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

    public void Succeeded<T>(T result)
    {
        if (TrySettle())
        {
            sink.Succeeded(result);
        }
    }

    public void Failed(Exception exception)
    {
        if (TrySettle())
        {
            sink.Failed(exception);
        }
    }

    private bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;
}

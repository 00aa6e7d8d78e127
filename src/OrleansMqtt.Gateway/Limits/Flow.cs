namespace OrleansMqtt.Gateway.Limits;

/// <summary>What one client, or one user, may send or get in a second.</summary>
/// <param name="Messages">Messages; 0 for any number.</param>
/// <param name="Bytes">Bytes; 0 for any number.</param>
internal readonly record struct FlowRate(long Messages, long Bytes);

/// <summary>How much of its rates one client, or one user, has used in one direction.</summary>
internal sealed class Flow(TimeProvider time)
{
    private readonly TokenBucket _messages = new(time), _bytes = new(time);

    /// <summary>Whether a message of so many bytes keeps to the rates.</summary>
    public bool Has(FlowRate rate, int burst, long bytes) =>
        (rate.Messages == 0 || _messages.Has(rate.Messages, Burst(rate.Messages, burst), 1)) && (rate.Bytes == 0 || _bytes.Has(rate.Bytes, Burst(rate.Bytes, burst), bytes));

    /// <summary>It sends or gets so much.</summary>
    public void Take(FlowRate rate, int burst, long messages, long bytes)
    {
        if (rate.Messages != 0 && messages != 0) _messages.Take(rate.Messages, Burst(rate.Messages, burst), messages);
        if (rate.Bytes != 0 && bytes != 0) _bytes.Take(rate.Bytes, Burst(rate.Bytes, burst), bytes);
    }

    /// <summary>How long it is to wait with the next message.</summary>
    public TimeSpan Wait(FlowRate rate, int burst)
    {
        var messages = rate.Messages == 0 ? TimeSpan.Zero : _messages.UntilNext(rate.Messages, Burst(rate.Messages, burst));
        var bytes = rate.Bytes == 0 ? TimeSpan.Zero : _bytes.UntilNext(rate.Bytes, Burst(rate.Bytes, burst));
        return messages > bytes ? messages : bytes;
    }

    /// <summary>How much may go now; <see cref="long.MaxValue"/> for any number.</summary>
    public (long Messages, long Bytes) Allowance(FlowRate rate, int burst) => (
        rate.Messages == 0 ? long.MaxValue : _messages.Tokens(rate.Messages, Burst(rate.Messages, burst)),
        rate.Bytes == 0 ? long.MaxValue : _bytes.Tokens(rate.Bytes, Burst(rate.Bytes, burst)));

    private static double Burst(long rate, int seconds) => (double)rate * seconds;
}

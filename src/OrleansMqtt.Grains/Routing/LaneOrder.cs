namespace OrleansMqtt.Grains.Routing;

/// <summary>
/// Lets the batches of a lane pass in the order of their numbers, whatever the order in which their calls arrive. In the turns of one grain only.
/// </summary>
/// <remarks>
/// One that fails ends it: the lane sends everything that it has no answer for to another router, and nothing that comes behind may be routed here meanwhile, or gateways
/// would take what the other router sends for repeats. What waits is bounded in number, since a lane has no more on their way, and in time, since a batch that never comes
/// was lost with its call.
/// </remarks>
/// <param name="window">How far ahead of the one whose turn it is a batch may be.</param>
/// <param name="patience">How long a batch waits for those before it.</param>
/// <param name="time">The clock.</param>
internal sealed class LaneOrder(int window, TimeSpan patience, TimeProvider time)
{
    private readonly Dictionary<long, TaskCompletionSource> _held = [];
    private long _next;
    private Exception? _failure;

    /// <summary>Completes when it is the batch's turn; <see cref="Leave"/> or <see cref="Fail"/> is to follow.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="done">Those before this number are done with.</param>
    /// <exception cref="InvalidOperationException">The batch is a repeat or out of all order, or the lane has failed here.</exception>
    public async Task EnterAsync(long index, long done)
    {
        ThrowIfFailed();
        if (done > _next) Pass(done);
        if (index < _next || index >= _next + window || _held.ContainsKey(index))
        {
            Fail(new InvalidOperationException($"Batch {index} of a lane came where {_next} was next."));
            ThrowIfFailed();
        }
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held.Add(index, turn);
        if (index == _next) return;
        try
        {
            await turn.Task.WaitAsync(patience, time);
        }
        catch (TimeoutException exception)
        {
            Fail(exception);
        }
        ThrowIfFailed();
        if (index < _next) throw new InvalidOperationException($"Batch {index} of a lane was answered elsewhere.");
    }

    /// <summary>The batch has been routed: it is the next one's turn.</summary>
    public void Leave(long index) => Pass(index + 1);

    /// <summary>No batch passes any more.</summary>
    public void Fail(Exception failure)
    {
        _failure ??= failure;
        foreach (var turn in _held.Values) turn.TrySetResult();
        _held.Clear();
    }

    private void Pass(long next)
    {
        _next = next;
        foreach (var index in _held.Keys.Where(index => index < next).ToList())
            if (_held.Remove(index, out var passed)) passed.TrySetResult();
        if (_held.TryGetValue(next, out var turn)) turn.TrySetResult();
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null) throw new InvalidOperationException("The order of the lane is lost here.", _failure);
    }
}

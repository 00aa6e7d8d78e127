using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

/// <summary>The current view, who waits for a newer one, and who is told of each in order.</summary>
/// <param name="listener">Is told of each view; the next one waits until it is done.</param>
/// <param name="delivered">Is called after that.</param>
/// <param name="failed">Is called instead when the listener fails.</param>
internal sealed class ViewFeed(Func<MembershipView, ValueTask> listener, Action<MembershipView> delivered, Action<Exception> failed)
{
    private readonly Lock _lock = new();
    private readonly Queue<MembershipView> _undelivered = [];
    private readonly List<(long Version, TaskCompletionSource<MembershipView> Completion)> _waiting = [];
    private volatile MembershipView _current = MembershipView.None;
    private bool _isDelivering;
    private Exception? _end;

    public MembershipView Current => _current;

    /// <summary>The current view, as soon as it has that version or a later one.</summary>
    /// <exception cref="SiloUnavailableException">No more views will come.</exception>
    public ValueTask<MembershipView> AtLeastAsync(long version, CancellationToken token)
    {
        TaskCompletionSource<MembershipView> completion;
        lock (_lock)
        {
            if (_current.Version >= version)
            {
                return new(_current);
            }

            if (_end is not null)
            {
                return ValueTask.FromException<MembershipView>(_end);
            }

            completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((version, completion));
        }

        return new(token.CanBeCanceled ? WaitAsync(completion, token) : completion.Task);
    }

    /// <summary>Makes a view the current one.</summary>
    public void Publish(MembershipView view)
    {
        lock (_lock)
        {
            if (_end is not null)
            {
                return;
            }

            _current = view;
            _undelivered.Enqueue(view);
            _waiting.RemoveAll(waiting => waiting.Version <= view.Version && waiting.Completion.TrySetResult(view));
            if (_isDelivering)
            {
                return;
            }

            _isDelivering = true;
        }

        _ = DeliverAsync();
    }

    /// <summary>Tells nobody of anything any more; who waits is told why.</summary>
    public void End(string reason)
    {
        lock (_lock)
        {
            _end ??= new SiloUnavailableException(reason);
            _undelivered.Clear();
            foreach (var (_, completion) in _waiting)
            {
                completion.TrySetException(_end);
            }

            _waiting.Clear();
        }
    }

    private async Task<MembershipView> WaitAsync(TaskCompletionSource<MembershipView> completion, CancellationToken token)
    {
        using var registration = token.Register(() =>
        {
            lock (_lock)
            {
                _waiting.RemoveAll(waiting => waiting.Completion == completion);
            }

            completion.TrySetCanceled(token);
        });
        return await completion.Task.ConfigureAwait(false);
    }

    private async Task DeliverAsync()
    {
        while (TryTake() is { } view)
        {
            try
            {
                await listener(view).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever it is, it is handed on; nobody awaits this task.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failed(exception);
                continue;
            }

            delivered(view);
        }
    }

    private MembershipView? TryTake()
    {
        lock (_lock)
        {
            _isDelivering = _undelivered.TryDequeue(out var view);
            return view;
        }
    }
}

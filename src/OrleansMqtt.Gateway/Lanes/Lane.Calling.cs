using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Lanes;

// When a lane calls its router.
internal sealed partial class Lane
{
    void IThreadPoolWorkItem.Execute() => Flush();

    /// <summary>Makes the calls that may be made now.</summary>
    public void Flush()
    {
        while (true)
        {
            LaneCall call;
            LaneBatch batch;
            lock (_lock)
            {
                _queued = false;
                if (!TryMakeCall(out call)) return;
                // On behalf of whoever else comes while this one is being sent.
                _queued = true;
                batch = new LaneBatch(call.Index, _calls.First!.Value.Index, call.Block.Publishes, call.Block.Others);
            }
            _ = RunAsync(call, batch);
        }
    }

    private void Queue()
    {
        if (_queued || !MayCall()) return;
        _queued = true;
        // What was read together goes together, on the thread that has read it.
        if (!DeliveryBatch.TryAdd(this)) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    // While a call is under way what comes gathers, until there is an answer or a full block: few large calls instead of many small ones, and a lone message goes at once.
    private bool MayCall()
    {
        if (_paused || _stopped) return false;
        // After a failure one goes first, to see whether there is a silo.
        return _unrouted == 0 || (_waiting.Count > 0 && !_isFailing && _unrouted < LaneBatch.Window);
    }

    private bool TryMakeCall(out LaneCall call)
    {
        call = null!;
        if (!MayCall() || !TryTake(out var block)) return false;
        _probe = false;
        call = new LaneCall(_attempt, _nextIndex++, block);
        _calls.AddLast(call);
        _unrouted++;
        return true;
    }

    private bool TryTake(out LaneBlock block)
    {
        while (_waiting.TryDequeue(out var next))
        {
            // A former router may have answered for part of it meanwhile, or it has failed with what was before it.
            block = next.IsAgain ? next.Without(_entries) : next;
            if (block.Count > 0) return true;
        }
        block = _packer.Count > 0 ? Gathered() : LaneBlock.Empty;
        return block.Count > 0 || _probe;
    }

    private async Task RunAsync(LaneCall call, LaneBatch batch)
    {
        try
        {
            var router = RouterOf(call);
            for (var outcomes = await router.RouteLaneAsync(batch).ConfigureAwait(false); !OnAnswered(call, outcomes);)
                outcomes = await router.AwaitLaneAsync(call.Index).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it failed with, it is sent again to another router.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            OnFailed(call, exception);
        }
    }

    // The key of an attempt is used by no other lane or process, and so leads anywhere.
    private IRouterGrain RouterOf(LaneCall call)
    {
        lock (_lock)
        {
            if (call.Attempt != _attempt) throw new InvalidOperationException("The attempt was given up.");
            return _router ??= _services.Grains.GetGrain<IRouterGrain>($"{_services.Gateway}/{_number}/{_id:x16}/{_attempt}");
        }
    }
}

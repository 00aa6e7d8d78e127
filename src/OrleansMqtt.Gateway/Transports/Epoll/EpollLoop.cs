using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Transports.Epoll;

/// <summary>
/// One thread that waits for its descriptors and serves those that are ready, to the end of what they have to do: no hop between the
/// kernel and the packet handler. Edge-triggered, so that a descriptor is registered once in its life. All that one wait brought shares
/// one <see cref="DeliveryBatch"/>: a receiver of messages from many ready senders gets one write.
/// </summary>
internal sealed unsafe class EpollLoop : IDisposable
{
    private const int EventsPerWait = 128;
    private readonly ConcurrentDictionary<int, IEpollTarget> _targets = new();
    private readonly Thread _thread;
    private readonly int _epoll;
    private readonly int _stop;
    private List<IEpollTarget> _yielded = [];
    private List<IEpollTarget> _turns = [];

    public EpollLoop(int number)
    {
        _epoll = Check(LibC.CreateEpoll(LibC.CloseOnExec));
        _stop = Check(LibC.CreateEvent(0, LibC.CloseOnExec | LibC.NonBlocking));
        Register(_stop, LibC.EpollIn);
        _thread = new Thread(Run) { IsBackground = true, Name = $"epoll {number}" };
        _thread.Start();
    }

    /// <summary>Whether the caller runs on this loop's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Tells <paramref name="target"/> from now on what becomes of <paramref name="fd"/>, until <see cref="Remove"/>.</summary>
    public void Add(int fd, IEpollTarget target)
    {
        _targets[fd] = target;
        try
        {
            Register(fd, LibC.EpollIn | LibC.EpollOut | LibC.EpollRdHup | LibC.EpollEdge);
        }
        catch
        {
            _targets.TryRemove(fd, out _);
            throw;
        }
    }

    /// <summary>To be called before the descriptor is closed, which takes it out of the kernel's set.</summary>
    public void Remove(int fd) => _targets.TryRemove(fd, out _);

    /// <summary>Calls <paramref name="target"/> again when the other ready descriptors have had their turn. On this loop's thread.</summary>
    public void Yield(IEpollTarget target) => _yielded.Add(target);

    public void Dispose()
    {
        var one = 1L;
        Check((int)LibC.Write(_stop, &one, sizeof(long)));
        if (!IsCurrent) _thread.Join();
    }

    private void Register(int fd, int events)
    {
        var buffer = stackalloc byte[EpollEvents.Size];
        EpollEvents.Write(buffer, events, fd);
        Check(LibC.ControlEpoll(_epoll, LibC.ControlAdd, fd, buffer));
    }

    private void Run()
    {
        var events = (byte*)NativeMemory.Alloc((nuint)(EpollEvents.Size * EventsPerWait));
        while (Wait(events, out var count))
        {
            using var batch = DeliveryBatch.Begin();
            for (var i = 0; i < count; i++)
                if (_targets.TryGetValue(EpollEvents.Descriptor(events, i), out var target)) target.OnReady(EpollEvents.Events(events, i));
            TakeTurns();
        }
        NativeMemory.Free(events);
        _ = LibC.Close(_stop);
        _ = LibC.Close(_epoll);
    }

    // Returns false when the loop is to end.
    private bool Wait(byte* events, out int count)
    {
        while (true)
        {
            // Whoever else wants this processor goes first, often a sender: what it sends then comes with one wait instead of many. Measured,
            // with as many busy processes as processors: half the cost per message. On an idle processor it is the price of one empty call.
            if (_yielded.Count == 0) _ = LibC.YieldProcessor();
            count = LibC.WaitEpoll(_epoll, events, EventsPerWait, _yielded.Count > 0 ? 0 : -1);
            if (count < 0 && Marshal.GetLastPInvokeError() == LibC.ErrInterrupted) continue;
            Check(count);
            for (var i = 0; i < count; i++)
                if (EpollEvents.Descriptor(events, i) == _stop) return false;
            return true;
        }
    }

    private void TakeTurns()
    {
        if (_yielded.Count == 0) return;
        (_turns, _yielded) = (_yielded, _turns);
        foreach (var target in _turns) target.OnTurn();
        _turns.Clear();
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());
}

using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Limits;

public sealed class PauseWheelTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly PauseWheel _wheel;
    private readonly List<string> _called = [];

    public PauseWheelTests() => _wheel = new PauseWheel(_time);

    public void Dispose() => _wheel.Dispose();

    private void Add(string name, int milliseconds) => _wheel.Add(() => _called.Add(name), TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void Each_is_called_at_its_time_and_not_before()
    {
        Add("b", 200);
        Add("a", 100);
        Add("c", 300);
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Empty(_called);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["a"], _called);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(["a", "b", "c"], _called);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void Nobody_is_held_on_to_for_longer_than_a_second()
    {
        Add("long", 1_000_000);
        Add("none", 0);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["none"], _called);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(["none", "long"], _called);
    }

    [Fact]
    public void Who_is_called_may_wait_again()
    {
        var calls = 0;
        Again();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, calls);

        void Again() => _wheel.Add(
            () =>
            {
                calls++;
                Again();
            }, TimeSpan.FromMilliseconds(100));
    }
}

using System.Globalization;
using System.Text;
using OrleansMqtt.Samples.RateOfChangeAlarm;
using OrleansMqtt.Samples.Tests.Support;

namespace OrleansMqtt.Samples.Tests.RateOfChangeAlarm;

public sealed class RateAlarmTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private MqttTestCluster _cluster = null!;
    private MqttTestClient _sensor = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await Clusters.StartAsync(typeof(RateAlarmGrain), static builder => builder.HasVirtualGrainTime = true);
        _sensor = await _cluster.Gateways[0].ConnectAsync("sensor");
        await _sensor.SubscribeAsync("alarms/#");
        await _sensor.SubscribeAsync("markers/#");
    }

    public async ValueTask DisposeAsync()
    {
        await _sensor.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task It_is_raised_when_values_change_fast_and_cleared_when_they_change_much_slower()
    {
        await SendAsync(20, 24, 28);
        await NoAlarmAsync();
        // 5 degrees a minute over two minutes, and more.
        await SendAsync(34, 40);
        Assert.Equal("alarms/boiler/rate: True, 5", await AlarmAsync());
        // 3 are too few to raise it, and too many to clear it.
        await SendAsync(43, 46);
        await NoAlarmAsync();
        await SendAsync(47, 48);
        Assert.Equal("alarms/boiler/rate: False, 1", await AlarmAsync());
    }

    [Fact]
    public async Task Silence_raises_an_alarm_until_the_next_value()
    {
        await SendAsync(20);
        await AdvanceAsync(3 * Minute);
        await SendAsync(20);
        await AdvanceAsync(4 * Minute - TimeSpan.FromSeconds(1));
        await NoAlarmAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("alarms/boiler/silence: True, ", await AlarmAsync());
        await AdvanceAsync(60 * Minute);
        await NoAlarmAsync();
        await SendAsync(20);
        Assert.Equal("alarms/boiler/silence: False, ", await AlarmAsync());
    }

    [Fact]
    public async Task Silence_raises_an_alarm_though_the_silo_of_the_sensor_is_lost()
    {
        // Some are in the one silo, some in the other.
        for (var i = 0; i < 10; i++) await _sensor.PublishAsync($"sensors/lost-{i}/value", "20");
        await _cluster.KillSiloAsync(_cluster.Silos[0]);
        await _cluster.WaitUntilReadyAsync(Clusters.Token);
        await AdvanceAsync(5 * Minute);
        var alarms = new HashSet<string>();
        for (var i = 0; i < 10; i++) alarms.Add(await AlarmAsync());
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => $"alarms/lost-{i}/silence: True, ").ToHashSet(), alarms);
    }

    [Fact]
    public async Task What_is_no_number_is_a_dead_letter()
    {
        await _sensor.SubscribeAsync("$dead-letter/RateAlarmGrain");
        await Assert.ThrowsAsync<IOException>(() => _sensor.PublishAsync("sensors/boiler/value", "hot"));
        Assert.Equal("$dead-letter/RateAlarmGrain", (await _sensor.ReceiveAsync()).Topic);
    }

    // One a minute.
    private async Task SendAsync(params double[] values)
    {
        foreach (var value in values)
        {
            await _sensor.PublishAsync("sensors/boiler/value", value.ToString(CultureInfo.InvariantCulture));
            await AdvanceAsync(Minute);
        }
    }

    private Task AdvanceAsync(TimeSpan by) => _cluster.AdvanceAsync(by, Clusters.Token);

    private async Task<string> AlarmAsync()
    {
        var message = await _sensor.ReceiveAsync();
        var alarm = System.Text.Json.JsonSerializer.Deserialize<Alarm>(message.Payload.Span, System.Text.Json.JsonSerializerOptions.Web)!;
        return string.Create(CultureInfo.InvariantCulture, $"{message.Topic}: {alarm.Raised}, {alarm.PerMinute}");
    }

    // An alarm would come before what is published after it.
    private async Task NoAlarmAsync()
    {
        await _sensor.PublishAsync("markers/none", "none");
        Assert.Equal("none", Encoding.UTF8.GetString((await _sensor.ReceiveAsync()).Payload.Span));
    }
}

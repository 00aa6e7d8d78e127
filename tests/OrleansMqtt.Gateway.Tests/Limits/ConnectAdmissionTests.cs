using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Limits;

public sealed class ConnectAdmissionTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private ConnectAdmission? _admission;

    public void Dispose() => _admission?.Dispose();

    private ConnectAdmission Start(int rate, int burst, int timeoutSeconds = 10) =>
        _admission = new ConnectAdmission(new(new GatewayLimits { MaxConnectsPerSecond = rate, ConnectBurst = burst, ConnectTimeoutSeconds = timeoutSeconds }), _time);

    private static bool IsAdmitted(AdmissionTicket ticket) => ticket.Outcome is { IsCompletedSuccessfully: true, Result: true };

    [Fact]
    public void A_burst_passes_at_once_and_the_others_at_the_rate_in_their_order()
    {
        var admission = Start(rate: 10, burst: 3);
        var tickets = Enumerable.Range(0, 8).Select(_ => admission.Enter()).ToArray();
        Assert.Equal([true, true, true, false, false, false, false, false], tickets.Select(IsAdmitted));
        for (var admitted = 4; admitted <= 8; admitted++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(99));
            Assert.Equal(admitted - 1, tickets.TakeWhile(IsAdmitted).Count());
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal((admitted, admitted), (tickets.TakeWhile(IsAdmitted).Count(), tickets.Count(IsAdmitted)));
        }
        Assert.Equal(0, admission.Waiting);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 20)]
    [InlineData(5000, 100)]
    public void In_no_time_more_are_admitted_than_a_burst_and_the_rate_and_hardly_fewer(int rate, int burst)
    {
        var admission = Start(rate, burst, timeoutSeconds: 60);
        var line = Enumerable.Range(0, burst + (rate * 10)).Select(_ => admission.Enter()).ToList();
        for (var second = 1; second <= 10; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.InRange(line.Count(IsAdmitted), burst + (rate * second) - 1 - (rate / 100), burst + (rate * second));
        }
    }

    [Fact]
    public void A_quiet_time_is_worth_no_more_than_a_burst()
    {
        var admission = Start(rate: 10, burst: 3);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => IsAdmitted(admission.Enter())));
    }

    [Fact]
    public void Nobody_who_comes_later_overtakes_who_waits()
    {
        var admission = Start(rate: 10, burst: 2);
        admission.Enter();
        admission.Enter();
        var first = admission.Enter();
        // There is an admission, and the timer that gives it to the first one has not been called yet.
        admission.Return();
        Assert.Equal((false, false), (IsAdmitted(first), IsAdmitted(admission.Enter())));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(IsAdmitted(first));
    }

    [Fact]
    public void The_line_is_as_long_as_can_be_admitted_in_the_time_to_connect()
    {
        var admission = Start(rate: 2, burst: 1, timeoutSeconds: 3);
        admission.Enter();
        var tickets = Enumerable.Range(0, 6).Select(_ => admission.Enter()).ToArray();
        Assert.Same(AdmissionTicket.Refused, admission.Enter());
        // Who has given up at its head makes room.
        Assert.True(tickets[0].TryGiveUp());
        Assert.NotSame(AdmissionTicket.Refused, admission.Enter());
    }

    [Fact]
    public void Who_has_given_up_takes_nobody_s_turn()
    {
        var admission = Start(rate: 1, burst: 1);
        admission.Enter();
        var (gone, next) = (admission.Enter(), admission.Enter());
        Assert.True(gone.TryGiveUp());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((false, true), (IsAdmitted(gone), IsAdmitted(next)));
        Assert.False(next.TryGiveUp());
    }

    [Fact]
    public void An_admission_that_is_given_back_is_the_next_one_s()
    {
        var admission = Start(rate: 1, burst: 2);
        admission.Enter();
        admission.Enter();
        admission.Return();
        Assert.True(IsAdmitted(admission.Enter()));
        Assert.False(IsAdmitted(admission.Enter()));
    }

    [Fact]
    public void Without_a_limit_nobody_waits()
    {
        var admission = Start(rate: 0, burst: 1);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Same(AdmissionTicket.Admitted, admission.Enter()));
    }
}

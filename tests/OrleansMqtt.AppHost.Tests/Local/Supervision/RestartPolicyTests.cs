using OrleansMqtt.AppHost.Local.Supervision;

namespace OrleansMqtt.AppHost.Tests.Local.Supervision;

public sealed class RestartPolicyTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    [Fact]
    public void Pauses_grow_to_a_bound()
    {
        var policy = new RestartPolicy(readsConfiguration: true);
        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 15, 15], Enumerable.Range(0, 8).Select(_ => policy.PauseAfter(1, Soon)!.Value.TotalSeconds));
    }

    [Fact]
    public void Who_ran_for_a_while_is_started_again_soon()
    {
        var policy = new RestartPolicy(readsConfiguration: true);
        for (var i = 0; i < 5; i++) policy.PauseAfter(137, Soon);
        Assert.Equal([0.25, 0.5], [policy.PauseAfter(137, TimeSpan.FromSeconds(30))!.Value.TotalSeconds, policy.PauseAfter(137, Soon)!.Value.TotalSeconds]);
    }

    [Fact]
    public void A_wrong_configuration_stays_wrong() => Assert.Null(new RestartPolicy(readsConfiguration: true).PauseAfter(2, Soon));

    [Fact]
    public void Other_programs_mean_something_else_by_that_code() => Assert.NotNull(new RestartPolicy(readsConfiguration: false).PauseAfter(2, Soon));
}

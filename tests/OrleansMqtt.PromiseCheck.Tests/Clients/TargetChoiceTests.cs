using System.Net;
using OrleansMqtt.PromiseCheck.Clients;

namespace OrleansMqtt.PromiseCheck.Tests.Clients;

public sealed class TargetChoiceTests
{
    private static readonly EndPoint[] Three = [.. Enumerable.Range(1, 3).Select(static port => new IPEndPoint(IPAddress.Loopback, port))];

    [Fact]
    public void A_client_that_is_failed_goes_elsewhere_until_all_were_tried()
    {
        var choice = new TargetChoice(Three, "c");
        var seen = new List<EndPoint>();
        foreach (var _ in Three)
        {
            seen.Add(choice.Next());
            choice.Fail();
        }

        Assert.Equal(Three.Length, seen.Distinct().Count());
    }

    [Fact]
    public void Clients_are_spread_and_come_back_elsewhere_now_and_then()
    {
        Assert.Equal(Three.Length, Enumerable.Range(0, 50).Select(static i => new TargetChoice(Three, $"c-{i}").Next()).Distinct().Count());
        var choice = new TargetChoice(Three, "c");
        Assert.Equal(Three.Length, Enumerable.Range(0, 50).Select(_ => choice.Next()).Distinct().Count());
    }

    [Fact]
    public void A_client_goes_the_same_way_each_time() => Assert.Equal(Way(), Way());

    private static List<EndPoint> Way()
    {
        var choice = new TargetChoice(Three, "promise-00000007-s1-0");
        return [.. Enumerable.Range(0, 20).Select(_ => choice.Next())];
    }
}

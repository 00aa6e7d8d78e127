using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Routing;

public sealed class RouteBookTests
{
    private readonly RouteBook _book = new(new TopicPartitions(3));

    [Fact]
    public void Each_route_stands_on_one_page_of_its_partition()
    {
        var filters = Enumerable.Range(0, 10_000).Select(static i => $"f/{i}").ToArray();
        foreach (var filter in filters) _book.Note(RouteChanges.OfGateway("g", filter, removed: false));
        foreach (var filter in filters.Take(5000)) _book.Note(RouteChanges.OfGateway("g", filter, removed: true));

        Assert.Equal(filters.Skip(5000).Order(), Enumerable.Range(0, 3).SelectMany(Read).Select(static route => route.Filter).Order());
    }

    [Fact]
    public void What_is_not_the_gateways_own_is_left_out()
    {
        _book.Note(RouteChanges.OfSession("c", "t", Samples.Options(), removed: false));
        _book.Note(Samples.Member("c", "t", "g"));
        _book.Note(Samples.Member("d", "t", "g"));
        _book.Note(Samples.Member("c", "t", null));

        Assert.Equal("d", Assert.Single(Enumerable.Range(0, 3).SelectMany(Read)).Receiver);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(3, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 256)]
    public void A_page_that_there_is_not_is_refused(int partition, int page) => Assert.Throws<ArgumentOutOfRangeException>(() => _book.Read(partition, page));

    private IEnumerable<RouteChange> Read(int partition)
    {
        for (int? next = 0; next is { } number;)
        {
            var page = _book.Read(partition, number);
            next = page.Next;
            foreach (var route in page.Routes) yield return route;
        }
    }
}

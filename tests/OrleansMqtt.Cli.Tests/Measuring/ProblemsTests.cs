using OrleansMqtt.Cli.Bench.Measuring;

namespace OrleansMqtt.Cli.Tests.Measuring;

public sealed class ProblemsTests
{
    [Fact]
    public void The_same_sentence_is_counted_and_too_many_are_summed_up()
    {
        var problems = new Problems();
        Assert.True(problems.IsEmpty);
        for (var i = 0; i < 3; i++) problems.Add("Again.");
        for (var i = 0; i < 12; i++) problems.Add($"Number {i}.");
        var list = problems.ToList();
        Assert.Equal("Again. (3 times)", list[0]);
        Assert.Equal("Number 0.", list[1]);
        Assert.Equal("3 further problems of other kinds.", list[^1]);
    }
}

using OrleansMqtt.Security.Hooks;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Security.Tests.Hooks;

public sealed class AnswerMemoryTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void No_more_than_two_generations_are_kept()
    {
        var memory = new AnswerMemory<int>(TimeSpan.FromSeconds(10), _time, capacity: 10);
        for (byte i = 0; i < 100; i++) memory.Keep([i], i, null);
        var found = Enumerable.Range(0, 100).Where(i => memory.Find([(byte)i]) == i).ToArray();
        Assert.InRange(found.Length, 10, 20);
        Assert.Contains(99, found);
    }

    [Fact]
    public void Nothing_is_kept_for_no_time()
    {
        var memory = new AnswerMemory<int>(TimeSpan.Zero, _time);
        memory.Keep([1], 1, null);
        Assert.Null(memory.Find([1]));
    }

    [Fact]
    public void The_later_answer_holds()
    {
        var memory = new AnswerMemory<int>(TimeSpan.FromSeconds(10), _time);
        memory.Keep([1], 1, null);
        memory.Keep([1], 2, null);
        Assert.Equal(2, memory.Find([1]));
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Handlers.Payloads;
using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Handlers.Tests.Runtime;

/// <summary>What gives messages to a grain's methods.</summary>
public class HandlerRuntimeTests
{
    [Fact]
    public async Task No_users_code_runs_on_a_thread_that_reads_from_another_silo()
    {
        var name = $"t{Guid.NewGuid():N}";
        var handling = new TaskCompletionSource<Task<HandlerResult>>();
        new Thread(() => handling.SetResult(HandleAsync("ThreadGrain", $"threads/{name}"))).Start();
        Assert.Equal(HandlerState.Handled, Assert.Single((await await handling.Task).Outcomes).State);
        Assert.Equal("pool", await Inbox.TakeAsync(name));
    }

    [Theory]
    [InlineData("NoSuchGrain", "threads/x")]
    [InlineData("ThreadGrain", "elsewhere/x")]
    public async Task A_handler_that_another_version_of_the_program_knows_is_unknown(string handler, string topic) =>
        Assert.Equal(HandlerState.Unknown, Assert.Single((await HandleAsync(handler, topic)).Outcomes).State);

    private static Task<HandlerResult> HandleAsync(string handler, string topic)
    {
        var codecs = new PayloadCodecs(new ServiceCollection().BuildServiceProvider());
        var runtime = new HandlerRuntime(HandlerTables.Of(typeof(ThreadGrain)), null!, codecs, TimeProvider.System, NullLogger<HandlerRuntime>.Instance);
        var message = new Message(System.Text.Encoding.UTF8.GetBytes(topic), [], []);
        return runtime.HandleAsync(new ThreadGrain(), new HandlerBatch("test", 1, [new HandlerMessage(handler, message, 1, 1)]));
    }
}

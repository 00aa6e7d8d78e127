using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Handlers.Tests.Routes.Support;
using OrleansMqtt.Routes;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Handlers.Tests.Routes;

public class BindingTests
{
    private readonly Bindings _bindings = new();

    private sealed record Reading(double Celsius, string? Unit = null);

    private sealed class Counter(List<string>? ends = null) : IDisposable
    {
        public int Count { get; set; }

        public void Dispose() => ends?.Add("disposed");
    }

    [Fact]
    public async Task Names_of_the_template_are_parsed_and_the_rest_is_the_payload()
    {
        Assert.Equal(
            "kitchen 42 42 0f8fad5b-d9cb-469f-a165-70867728950e Friday 21.5",
            await _bindings.CallAsync((string room, int id, Guid guid, DayOfWeek day, double value) => FormattableString.Invariant($"{room} {id} {(long)id} {guid} {day} {value}")));
        Assert.Equal("42", await _bindings.CallAsync((int? id) => $"{id}"));
    }

    [Fact]
    public async Task The_payload_is_read_and_written_by_its_type()
    {
        _bindings.Text = """{"celsius":20}""";
        Assert.Equal("""{"celsius":21,"unit":"C"}""", await _bindings.CallAsync((Reading reading) => new Reading(reading.Celsius + 1, "C")));
        Assert.Equal("14", await _bindings.CallAsync((ReadOnlyMemory<byte> bytes) => bytes.Length));
        Assert.Equal(_bindings.Text, await _bindings.CallAsync((byte[] bytes) => bytes));
        Assert.Equal("""{"celsius":1,"unit":null}""", await _bindings.CallAsync(object () => new Reading(1)));
        _bindings.Text = "on";
        Assert.Equal("false", await _bindings.CallAsync((bool value) => !value));
        // By its attribute, whatever its name.
        Assert.Equal("on kitchen", await _bindings.CallAsync(([Payload] string id, string room) => $"{id} {room}"));
    }

    [Fact]
    public async Task Code_returns_nothing_a_value_or_a_task_of_either()
    {
        Assert.Null(await _bindings.CallAsync((string room) => { }));
        Assert.Null(await _bindings.CallAsync(async (string room) => await Task.Yield()));
        Assert.Null(await _bindings.CallAsync(ValueTask (string room) => default));
        Assert.Null(await _bindings.CallAsync(async Task<string?> (string room) => await Task.FromResult<string?>(null)));
        Assert.Equal("7", await _bindings.CallAsync(() => 7));
        Assert.Equal("7", await _bindings.CallAsync(async () => await Task.FromResult(7)));
        Assert.Equal("7", await _bindings.CallAsync(ValueTask<int> () => new ValueTask<int>(7)));
    }

    [Fact]
    public async Task Client_and_cancellation_are_bound_by_type()
    {
        using var source = new CancellationTokenSource();
        _bindings.Cancellation = source.Token;
        Assert.Equal("me True", await _bindings.CallAsync((MqttClientInfo client, CancellationToken token) => $"{client.ClientId} {token == source.Token}"));
    }

    [Fact]
    public async Task Services_come_from_a_scope_of_the_call()
    {
        var ends = new List<string>();
        var bindings = new Bindings(services => services.AddScoped(_ => new Counter(ends)).AddKeyedSingleton("seven", new Counter { Count = 7 }));
        var code = (Counter counter, [FromServices] Counter same, [FromKeyedServices("seven")] Counter seven) => $"{++counter.Count} {same.Count} {seven.Count}";
        Assert.Equal("1 1 7", await bindings.CallAsync(code));
        Assert.Equal("1 1 7", await bindings.CallAsync(code));
        Assert.Equal(["disposed", "disposed"], ends);
    }

    [Fact]
    public async Task What_code_throws_is_what_its_task_fails_with()
    {
        var bound = _bindings.Bind(string (string room) => throw new InvalidOperationException(room));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => bound.Invoke(_bindings, out _)!);
        Assert.Equal("kitchen", failure.Message);
    }

    [Fact]
    public void What_cannot_be_read_is_said()
    {
        Assert.Equal("The topic's {room} is no Int32.", _bindings.UnreadableOf((int room) => { }));
        Assert.Equal("The topic's {id} is no DayOfWeek.", _bindings.UnreadableOf((DayOfWeek id) => { }));
        Assert.Equal("The payload is no whole number of 32 bits.", _bindings.UnreadableOf((int value) => { }));
    }

    [Fact]
    public async Task A_method_has_the_service_of_its_class_or_a_new_instance_each_time()
    {
        var ends = new List<string>();
        var method = typeof(Disposed).GetMethod(nameof(Disposed.On))!;
        Assert.Equal("room kitchen", await CallAsync(new Bindings(services => services.AddSingleton(ends))));
        Assert.Equal(["disposed"], ends);
        Assert.Equal("room kitchen", await CallAsync(new Bindings(services => services.AddSingleton(new Disposed(ends)))));
        Assert.Equal(["disposed"], ends);

        async Task<object?> CallAsync(Bindings bindings) => await bindings.Bind(RouteTarget.Of(typeof(Disposed), method), RouteKind.Publish, out _)!.Invoke(bindings, out _)!;
    }

    public sealed class Disposed(List<string> ends) : IDisposable
    {
        public string On(string room) => $"room {room}";

        public void Dispose() => ends.Add("disposed");
    }
}

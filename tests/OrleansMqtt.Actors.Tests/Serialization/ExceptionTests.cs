using System.Diagnostics.CodeAnalysis;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Tests.Serialization;

[GenerateSerializer, Alias("Tests.Refused")]
[SuppressMessage("Design", "CA1032", Justification = "An example of few constructors.")]
internal sealed class RefusedException(string message) : OrleansException(message)
{
    [Id(0)] public int Code { get; init; }

    [Id(1)] public Exception? Other { get; init; }
}

[SuppressMessage("Design", "CA1032", Justification = "An example of a constructor that takes no message.")]
internal sealed class NoMessageException(int number) : Exception($"number {number}");

[SuppressMessage("Design", "CA1032", Justification = "An example of a constructor that takes no message.")]
internal sealed class OwnMessageException(string name) : Exception(name.Length + " letters");

internal sealed class ThrowingException : Exception
{
    public ThrowingException()
        : base("made")
    {
    }

    public ThrowingException(string message)
        : base(message) => throw new InvalidOperationException("not twice");

    public ThrowingException(string message, Exception innerException)
        : base(message, innerException) => throw new InvalidOperationException("not twice");
}

public class ExceptionTests
{
    private readonly WireCodecs _codecs = new(new FakeReferences());

    public static TheoryData<Exception> Known =>
    [
        new InvalidOperationException("m"), new OperationCanceledException("m"), new TaskCanceledException("m"), new TimeoutException("m"),
        new InconsistentStateException("m"), new OrleansMessageRejectionException("m"), new SiloUnavailableException("m"), new OrleansException("m"),
        new ReminderException("m"), new OrleansConfigurationException("m"), new ArgumentNullException("name", "m"), new ObjectDisposedException("name"),
        new IOException("m"), new Storage.StoreUnavailableException("m"), new AggregateException("m", new TimeoutException("x")),
        new KeyNotFoundException(), new System.Text.Json.JsonException("m"), new RefusedException("m"),
    ];

    [Theory]
    [MemberData(nameof(Known))]
    public void Known_exceptions_come_back_as_themselves(Exception exception)
    {
        var read = _codecs.RoundTrip(exception);

        Assert.Equal(exception.GetType(), read.GetType());
        Assert.Contains(exception.Message, read.Message, StringComparison.Ordinal);
        Assert.Equal(exception.InnerException?.GetType(), read.InnerException?.GetType());
        Assert.Null(read.StackTrace);
    }

    [Fact]
    public void Where_it_was_thrown_comes_along()
    {
        var read = _codecs.RoundTrip<Exception>(Thrown(() => throw new TimeoutException("late", Thrown(() => throw new IOException("broken")))));

        Assert.Contains(nameof(Where_it_was_thrown_comes_along), read.StackTrace, StringComparison.Ordinal);
        Assert.Contains(nameof(Where_it_was_thrown_comes_along), read.InnerException!.StackTrace, StringComparison.Ordinal);
        var there = read.StackTrace!;
        Assert.StartsWith(there, Thrown(() => throw read).StackTrace, StringComparison.Ordinal);
        Assert.NotEqual(there, read.StackTrace);
    }

    [Fact]
    public void Members_with_an_id_come_along()
    {
        var conflict = _codecs.RoundTrip(new InconsistentStateException("conflict", "2", "1", new IOException("cause")));
        var refused = (RefusedException)_codecs.RoundTrip<Exception>(new RefusedException("no") { Code = 7, Other = new TimeoutException("late") });

        Assert.Equal(("conflict", "2", "1", "cause"), (conflict.Message, conflict.StoredEtag, conflict.CurrentEtag, conflict.InnerException?.Message));
        Assert.Equal((7, "late"), (refused.Code, refused.Other?.Message));
        Assert.IsType<TimeoutException>(refused.Other);
    }

    [Fact]
    public void What_has_no_room_for_its_cause_shows_it()
    {
        var bytes = _codecs.Write<Exception>(new HasCauseException("outer", new IOException("the cause")));
        var at = bytes.AsSpan().IndexOf("Tests.HasCause"u8);
        // As another version may send it, whose class takes a cause.
        byte[] renamed = [.. bytes.AsSpan(0, at - 1), 13, .. "Tests.Refused"u8, .. bytes.AsSpan(at + 14)];

        var read = _codecs.Read<Exception>(renamed);

        Assert.IsType<RefusedException>(read);
        Assert.Contains("the cause", read.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Others_say_what_they_were()
    {
        AssertOther(new NoMessageException(5), "number 5");
        AssertOther(new OwnMessageException("long"), "4 letters");
        AssertOther(new ThrowingException(), "made");

        void AssertOther(Exception exception, string message)
        {
            var read = Assert.IsType<OrleansException>(_codecs.RoundTrip(exception));
            Assert.Equal($"{exception.GetType().FullName}: {message}", read.Message);
        }
    }

    [Fact]
    public void A_type_that_is_not_registered_is_not_loaded()
    {
        var stranger = new WireCodecs(new FakeReferences(), new WireTypes([]));
        var bytes = _codecs.Write<Exception>(new RefusedException("no") { Code = 7 });

        var read = Assert.IsType<OrleansException>(stranger.Read<Exception>(bytes));

        Assert.Equal("Tests.Refused: no", read.Message);
    }

    [Fact]
    public void No_failure_is_too_long_a_chain_or_too_odd_a_text_to_be_sent()
    {
        var exception = new IOException("half \uD83D of a pair");
        for (var i = 0; i < 200; i++)
        {
            exception = new IOException("outer", exception);
        }

        Assert.Equal("outer", _codecs.RoundTrip(exception).Message);
        Assert.Equal("half \uFFFD of a pair", _codecs.RoundTrip(new IOException("half \uD83D of a pair")).Message);
    }

    [Fact]
    public void A_member_of_one_kind_takes_no_other()
    {
        var bytes = _codecs.Write<Exception>(new TimeoutException("m"));

        Assert.Equal("m", _codecs.Read<TimeoutException>(bytes).Message);
        Assert.Throws<WireFormatException>(() => _codecs.Read<IOException>(bytes));
    }

    private static Exception Thrown(Action action) => Record.Exception(action)!;
}

[GenerateSerializer, Alias("Tests.HasCause")]
[SuppressMessage("Design", "CA1032", Justification = "An example of few constructors.")]
internal sealed class HasCauseException(string message, Exception innerException) : Exception(message, innerException);

using System.Collections.Frozen;
using System.Runtime.ExceptionServices;
using System.Text;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>
/// The codec of exceptions. One that the receiver knows, see <see cref="ExceptionTypes"/>, arrives as itself; any other as an
/// <see cref="OrleansException"/> that says its type and message. Stack traces arrive as text.
/// </summary>
/// <remarks>
/// The name of the type, then the fields 0: message, 1: stack trace, 2: inner exception, 3: the numbered members as an object.
/// </remarks>
internal sealed class ExceptionCodec(ExceptionTypes types) : Codec<Exception?>
{
    // Far from the bound: what is in the way of a failure must not be another one.
    private const int DeepestInner = WireLimits.Depth / 2;

    private FrozenDictionary<Type, IContractCodec> _members = FrozenDictionary<Type, IContractCodec>.Empty;

    /// <summary>Tells it the codecs of exceptions that have members. Apart from the constructor, since these may be exceptions.</summary>
    public void Learn(IReadOnlyDictionary<Type, IContractCodec> members) => _members = members.ToFrozenDictionary();

    public override void Write(ref WireWriter writer, uint skipped, Exception? value)
    {
        if (value is null)
        {
            writer.Null(skipped);
            return;
        }

        var type = value.GetType();
        writer.BeginNamedObject(skipped, Encoding.UTF8.GetBytes(WireTypes.NamesOf(type)[0]));
        writer.LooseText(0, value.Message);
        WriteText(ref writer, value.StackTrace);
        Write(ref writer, 0, writer.Depth < DeepestInner ? value.InnerException : null);
        if (_members.TryGetValue(type, out var members))
        {
            writer.BeginObject(0);
            members.WriteBody(ref writer, value);
        }

        writer.EndObject();
    }

    public override Exception? Read(ref WireReader reader, WireType wire)
    {
        if (wire != WireType.NamedObject)
        {
            return wire == WireType.Null ? null : throw new WireFormatException($"{wire} where an exception is expected.");
        }

        var name = reader.BeginNamedObject();
        var read = new Parts();
        var cursor = default(FieldCursor);
        while (reader.NextField(ref cursor))
        {
            switch (cursor)
            {
                case { Group: 0, Id: 0 }:
                    read.Message = StringFormat.Read(ref reader, cursor.Wire);
                    break;
                case { Group: 0, Id: 1 }:
                    read.StackTrace = StringFormat.Read(ref reader, cursor.Wire);
                    break;
                case { Group: 0, Id: 2 }:
                    read.Inner = Read(ref reader, cursor.Wire);
                    break;
                case { Group: 0, Id: 3, Wire: WireType.Object }:
                    read.Exception = Create(name, read);
                    ReadMembers(ref reader, read.Exception);
                    break;
                default:
                    reader.Skip(cursor.Wire);
                    break;
            }
        }

        reader.Leave();
        return read.Exception ?? Create(name, read);
    }

    private static void WriteText(ref WireWriter writer, string? text)
    {
        if (text is null)
        {
            writer.Null(0);
        }
        else
        {
            writer.LooseText(0, text);
        }
    }

    private void ReadMembers(ref WireReader reader, Exception exception)
    {
        if (_members.TryGetValue(exception.GetType(), out var members))
        {
            reader.BeginObject(WireType.Object);
            members.ReadInto(ref reader, exception);
        }
        else
        {
            reader.Skip(WireType.Object);
        }
    }

    private Exception Create(string name, in Parts read)
    {
        var message = read.Message ?? string.Empty;
        var known = types.Find(name);
        var exception = known?.Create(message, read.Inner) ?? new OrleansException($"{name}: {message}", read.Inner!);
        // What has no room for the inner exception shows it where it shows its own way.
        var stackTrace = read.Inner is null || exception.InnerException is not null
            ? read.StackTrace
            : $"{read.Inner}{System.Environment.NewLine}   --- End of inner exception stack trace ---{System.Environment.NewLine}{read.StackTrace}";
        return stackTrace is null ? exception : ExceptionDispatchInfo.SetRemoteStackTrace(exception, stackTrace);
    }

    private struct Parts
    {
        public string? Message;
        public string? StackTrace;
        public Exception? Inner;
        public Exception? Exception;
    }
}

/// <summary>The codec of a member that can only hold exceptions of one kind.</summary>
internal sealed class ExceptionCodec<T>(Codec<Exception?> any) : Codec<T?>
    where T : Exception
{
    public override void Write(ref WireWriter writer, uint skipped, T? value) => any.Write(ref writer, skipped, value);

    public override T? Read(ref WireReader reader, WireType wire) => any.Read(ref reader, wire) switch
    {
        null => null,
        T exception => exception,
        var other => throw new WireFormatException($"{TypeNames.Of(other.GetType())} where {TypeNames.Of(typeof(T))} is expected."),
    };
}

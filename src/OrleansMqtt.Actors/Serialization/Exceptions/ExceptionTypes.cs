using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>The exceptions that can arrive as themselves, by name: the program's own and the framework's.</summary>
internal sealed class ExceptionTypes
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    // The assemblies that the framework's exceptions are in which a grain or a store is likely to throw.
    private static readonly Assembly[] Framework =
        [typeof(object).Assembly, typeof(Uri).Assembly, typeof(Stack<>).Assembly, typeof(JsonException).Assembly];

    private readonly FrozenDictionary<string, ExceptionType> _byName;

    /// <param name="types">The program's types.</param>
    public ExceptionTypes(IEnumerable<Type> types)
    {
        var byName = new Dictionary<string, ExceptionType>(StringComparer.Ordinal);
        foreach (var type in types.Concat(Framework.SelectMany(assembly => assembly.GetExportedTypes())))
        {
            if (typeof(Exception).IsAssignableFrom(type) && !type.IsAbstract && !type.ContainsGenericParameters && Find(type) is { } found)
            {
                foreach (var name in WireTypes.NamesOf(type))
                {
                    // Two private ones of the same name: whichever is first.
                    byName.TryAdd(name, found);
                }
            }
        }

        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        WithMembers = [.. _byName.Values.Select(known => known.Type).Where(type => WireMembers.IsContract(type) && WireMembers.Of(type).Length > 0).Distinct()];
    }

    /// <summary>Those that have more than a message.</summary>
    public IReadOnlyList<Type> WithMembers { get; }

    public ExceptionType? Find(string name) => _byName.GetValueOrDefault(name);

    private static ExceptionType? Find(Type type) =>
        type.GetConstructor(Instance, [typeof(string), typeof(Exception)]) is { } withInner ? new ExceptionType(type, withInner, TakesInner: true)
        : type.GetConstructor(Instance, [typeof(string)]) is { } plain ? new ExceptionType(type, plain, TakesInner: false)
        : null;
}

/// <summary>How an exception is made again.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Constructor">The constructor that takes a message.</param>
/// <param name="TakesInner">Whether it takes the inner exception too.</param>
internal sealed record ExceptionType(Type Type, ConstructorInfo Constructor, bool TakesInner)
{
    /// <summary>Null when the constructor refuses, or makes another message of what it gets.</summary>
    public Exception? Create(string message, Exception? inner)
    {
        try
        {
            var exception = (Exception)Constructor.Invoke(TakesInner ? [message, inner] : [message]);
            return exception.Message.Contains(message, StringComparison.Ordinal) ? exception : null;
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }
}

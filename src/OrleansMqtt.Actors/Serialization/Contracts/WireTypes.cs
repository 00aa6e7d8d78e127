using System.Reflection;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>The types that may come where a base class or an interface of them is expected, by the names that they have on the wire.</summary>
internal sealed class WireTypes
{
    private static readonly Lazy<WireTypes> Process = new(() => new WireTypes(GrainClassCatalog.Discover().Concat(typeof(WireTypes).Assembly.GetTypes())));

    private readonly Dictionary<string, Type> _byName = new(StringComparer.Ordinal);

    /// <exception cref="OrleansConfigurationException">Two of them have the same name.</exception>
    public WireTypes(IEnumerable<Type> types)
    {
        var all = types.ToArray();
        foreach (var type in all.Where(type => !type.IsAbstract && !type.ContainsGenericParameters && WireMembers.IsContract(type)))
        {
            foreach (var name in NamesOf(type))
            {
                if (!_byName.TryAdd(name, type))
                {
                    throw new OrleansConfigurationException($"{type} and {_byName[name]} have the same [Alias] \"{name}\".");
                }
            }
        }

        Exceptions = new ExceptionTypes(all);
    }

    /// <summary>Those in this assembly and in the program's that refer to it.</summary>
    public static WireTypes OfProcess => Process.Value;

    public ExceptionTypes Exceptions { get; }

    /// <summary>The types that can stand for <paramref name="type"/>, the first name of each first; without <paramref name="type"/> itself.</summary>
    public IEnumerable<(string Name, Type Type)> DerivedFrom(Type type) =>
        _byName.Where(pair => pair.Value != type && type.IsAssignableFrom(pair.Value)).Select(pair => (pair.Key, pair.Value));

    /// <summary>What a type is called on the wire: its aliases, or its full name.</summary>
    public static IReadOnlyList<string> NamesOf(Type type) =>
        type.GetCustomAttributes<AliasAttribute>(inherit: false).Select(alias => alias.Alias).ToArray() is { Length: > 0 } aliases
            ? aliases
            : [type.FullName!];
}

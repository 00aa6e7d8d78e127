using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>Finds the members of a type that are sent: those with an <see cref="IdAttribute"/>.</summary>
internal static class WireMembers
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // The tag between two groups of fields has room for no more.
    private const int MostLevels = 15;

    /// <summary>Whether a type is sent whole, its fields in their order: tuples and pairs, and identities, which do not change any more.</summary>
    public static bool IsPositional(Type type) =>
        type == typeof(GrainId) || type == typeof(GrainType) || type == typeof(IdSpan)
        || (type.IsGenericType
            && (type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
                || (typeof(ITuple).IsAssignableFrom(type) && type.Namespace == nameof(System))));

    public static bool IsContract(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);

    /// <summary>The members in the order in which they are written: by group, then by id.</summary>
    /// <exception cref="UnsuitableTypeException">Something about them is wrong.</exception>
    public static WireMember[] Of(Type type)
    {
        if (IsPositional(type))
        {
            return [.. type.GetFields(Declared).OrderBy(field => field.MetadataToken).Select((field, i) => new WireMember(0, (uint)i, field.Name, field, null))];
        }

        var members = Levels(type).SelectMany((level, i) => OfLevel(level, i * 2)).OrderBy(member => member.Group).ThenBy(member => member.Id).ToArray();
        for (var i = 1; i < members.Length; i++)
        {
            if (members[i].Group == members[i - 1].Group && members[i].Id == members[i - 1].Id)
            {
                throw new UnsuitableTypeException($"whose members {members[i - 1].Name} and {members[i].Name} have the same [Id]");
            }
        }

        return members;
    }

    /// <summary>The classes from the lowest to the type itself whose members are sent.</summary>
    private static List<Type> Levels(Type type)
    {
        var levels = new List<Type>();
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType) && level != typeof(Exception); level = level.BaseType)
        {
            if (IsContract(level))
            {
                levels.Insert(0, level);
            }
            else if (level.GetFields(Declared).Length > 0 && !typeof(Exception).IsAssignableFrom(level))
            {
                throw new UnsuitableTypeException($"whose base class {TypeNames.Of(level)} is not marked [GenerateSerializer]");
            }
        }

        return levels.Count <= MostLevels ? levels : throw new UnsuitableTypeException($"which has more than {MostLevels} classes above it");
    }

    private static IEnumerable<WireMember> OfLevel(Type level, int group)
    {
        foreach (var field in level.GetFields(Declared))
        {
            if (field.GetCustomAttribute<IdAttribute>() is { } id)
            {
                yield return new WireMember(group, id.Id, field.Name, field, null);
            }
        }

        var numbered = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in level.GetProperties(Declared))
        {
            if (property.GetCustomAttribute<IdAttribute>() is { } id)
            {
                numbered.Add(property.Name);
                yield return OfProperty(level, property, group, id.Id);
            }
        }

        foreach (var (parameter, id) in NumberedParameters(level))
        {
            if (!numbered.Contains(parameter.Name!))
            {
                yield return OfParameter(level, parameter, group + 1, id);
            }
        }
    }

    private static WireMember OfProperty(Type level, PropertyInfo property, int group, uint id)
    {
        var field = level.GetField($"<{property.Name}>k__BackingField", Declared);
        var accessors = property.GetAccessors(nonPublic: true);
        // What an automatic property's setter does is to set the field, which also goes where there is none.
        return field is not null && (property.SetMethod is null || accessors.All(accessor => accessor.IsDefined(typeof(CompilerGeneratedAttribute))))
            ? new WireMember(group, id, property.Name, field, null)
            : property is { GetMethod: not null, SetMethod: not null }
                ? new WireMember(group, id, property.Name, null, property)
                : throw new UnsuitableTypeException($"whose member {property.Name} cannot be both read and set");
    }

    /// <summary>
    /// Parameters of the primary constructor with an [Id] of their own, and those of a record in their order, as Orleans numbers them.
    /// </summary>
    private static IEnumerable<(ParameterInfo Parameter, uint Id)> NumberedParameters(Type level)
    {
        var constructors = level.GetConstructors(Declared);
        var marked = Array.Find(constructors, constructor => Array.Exists(constructor.GetParameters(), parameter => parameter.IsDefined(typeof(IdAttribute))));
        if (marked is not null)
        {
            return marked.GetParameters().Where(parameter => parameter.IsDefined(typeof(IdAttribute)))
                .Select(parameter => (parameter, parameter.GetCustomAttribute<IdAttribute>()!.Id));
        }

        // A record with a primary constructor has a Deconstruct with just its parameters.
        var deconstructed = level.GetMethods(Declared)
            .FirstOrDefault(method => method.Name == "Deconstruct" && method.IsDefined(typeof(CompilerGeneratedAttribute)))?
            .GetParameters().Select(parameter => parameter.ParameterType.GetElementType());
        var primary = deconstructed is null ? null : Array.Find(
            constructors, constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(deconstructed));
        return primary?.GetParameters().Select((parameter, i) => (parameter, (uint)i)) ?? [];
    }

    private static WireMember OfParameter(Type level, ParameterInfo parameter, int group, uint id)
    {
        var name = parameter.Name!;
        if (level.GetProperty(name, Declared) is { } property)
        {
            return OfProperty(level, property, group, id);
        }

        // A parameter that the class's code uses is kept in a field of the compiler's.
        return level.GetField($"<{name}>P", Declared) is { } captured
            ? new WireMember(group, id, name, captured, null)
            : throw new UnsuitableTypeException($"whose constructor parameter {name} is no member");
    }
}

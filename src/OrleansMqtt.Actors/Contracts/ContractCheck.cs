using System.Collections.Concurrent;
using System.Reflection;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Proxies;

namespace OrleansMqtt.Actors.Contracts;

/// <summary>
/// Refuses grain and observer interfaces that the runtime cannot serve rightly: above all those that pass what one side could change
/// while the other uses it, since calls within a process pass references.
/// </summary>
internal static class ContractCheck
{
    private static readonly ConcurrentDictionary<Type, string?> Verdicts = new();

    /// <exception cref="OrleansConfigurationException">With one sentence for each offender.</exception>
    public static void Require(IEnumerable<Type> interfaces)
    {
        var sentences = WithObservers(interfaces).Select(Verdict).OfType<string>().ToArray();
        if (sentences.Length > 0)
        {
            throw new OrleansConfigurationException(string.Join(System.Environment.NewLine, sentences));
        }
    }

    /// <summary>What is wrong with an interface, one sentence; null: nothing.</summary>
    public static string? Verdict(Type interfaceType) => Verdicts.GetOrAdd(interfaceType, static type => Examine(type));

    private static string? Examine(Type interfaceType)
    {
        if (interfaceType.ContainsGenericParameters)
        {
            return null; // Nothing can make a reference to an open generic interface.
        }

        if (interfaceType.GetInterfaces().Append(interfaceType).SelectMany(type => type.GetProperties()).FirstOrDefault() is { } property)
        {
            return $"{Name(interfaceType)} has the property {property.Name}, but grains have methods only.";
        }

        foreach (var method in ProxyEmitter.MethodsOf(interfaceType))
        {
            if (Examine(interfaceType, method) is { } sentence)
            {
                return sentence;
            }
        }

        return null;
    }

    private static string? Examine(Type interfaceType, MethodInfo method)
    {
        var name = $"{Name(interfaceType)}.{method.Name}";
        if (method.IsGenericMethod)
        {
            return $"{name} is generic, which this runtime does not support.";
        }

        var result = ResultOf(method, typeof(IGrainObserver).IsAssignableFrom(interfaceType));
        if (result is null)
        {
            return $"{name} returns {Name(method.ReturnType)} instead of a Task or ValueTask.";
        }

        if (result != typeof(void) && !IsPromised(method.ReturnParameter) && !ImmutableTypes.Contains(result))
        {
            return $"{name} returns {Name(result)}, which is not [Immutable].";
        }

        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
            {
                return $"Parameter {parameter.Name} of {name} is passed by reference, but calls are messages.";
            }

            if (!IsPromised(parameter) && !ImmutableTypes.Contains(parameter.ParameterType))
            {
                return $"Parameter {parameter.Name} of {name} is {Name(parameter.ParameterType)}, which is not [Immutable].";
            }
        }

        return null;
    }

    /// <summary>The type of the value that a method's caller gets; void if none; null if the method returns no task.</summary>
    private static Type? ResultOf(MethodInfo method, bool mayReturnVoid)
    {
        var type = method.ReturnType;
        if (type == typeof(Task) || type == typeof(ValueTask) || (mayReturnVoid && type == typeof(void)))
        {
            return typeof(void);
        }

        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return open == typeof(Task<>) || open == typeof(ValueTask<>) ? type.GetGenericArguments()[0] : null;
    }

    private static bool IsPromised(ParameterInfo parameter) => parameter.IsDefined(typeof(ImmutableAttribute), inherit: false);

    private static IEnumerable<Type> WithObservers(IEnumerable<Type> interfaces)
    {
        foreach (var type in interfaces)
        {
            yield return type;
            var observers = ProxyEmitter.MethodsOf(type).SelectMany(method => method.GetParameters())
                .Select(parameter => parameter.ParameterType)
                .Where(parameter => parameter.IsInterface && typeof(IGrainObserver).IsAssignableFrom(parameter));
            foreach (var observer in observers)
            {
                yield return observer;
            }
        }
    }

    private static string Name(Type type) =>
        type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : type.Name;
}

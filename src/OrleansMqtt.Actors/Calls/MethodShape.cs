using System.Reflection;
using Orleans;
using Orleans.Concurrency;

namespace OrleansMqtt.Actors.Calls;

/// <summary>What is known of an interface method, once per method: how it may run, and what a wire needs to name it.</summary>
internal sealed class MethodShape
{
    public MethodShape(Type interfaceType, MethodInfo method)
    {
        InterfaceType = interfaceType;
        Method = method;
        Name = $"{interfaceType.Name}.{method.Name}";
        Id = method.GetCustomAttribute<AliasAttribute>()?.Alias
            ?? method.GetCustomAttribute<IdAttribute>()?.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ?? $"{method.Name}({string.Join(",", method.GetParameters().Select(parameter => parameter.ParameterType.ToString()))})";
        IsOneWay = method.ReturnType == typeof(void) || method.IsDefined(typeof(OneWayAttribute));
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        ResponseTimeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        AlwaysInterleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
    }

    public Type InterfaceType { get; }

    public MethodInfo Method { get; }

    public string Name { get; }

    /// <summary>Its alias, its number or its signature: stable across processes that were compiled apart.</summary>
    public string Id { get; }

    public bool IsOneWay { get; }

    public bool IsReadOnly { get; }

    public bool AlwaysInterleaves { get; }

    public TimeSpan? ResponseTimeout { get; }

    /// <summary>The full name of the interface, by which other processes know it.</summary>
    public string InterfaceName => InterfaceType.FullName!;

    /// <summary>The emitted call class.</summary>
    public Type CallType { get; set; } = typeof(MethodCall);

    /// <summary>The fields of the emitted call class that hold the arguments, in order.</summary>
    public FieldInfo[] Arguments
    {
        get;
        set
        {
            field = value;
            Cancellation = Array.Find(value, static argument => argument.FieldType == typeof(CancellationToken));
        }
    } = [];

    /// <summary>The one that holds the call's cancellation; null where it has none.</summary>
    public FieldInfo? Cancellation { get; private set; }
}

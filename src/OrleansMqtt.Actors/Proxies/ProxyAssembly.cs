using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace OrleansMqtt.Actors.Proxies;

/// <summary>
/// The dynamic module for the proxies of one assembly's interfaces. One per assembly, since the runtime reads which assemblies'
/// internals a module may use only once.
/// </summary>
internal sealed class ProxyAssembly
{
    private static readonly ConcurrentDictionary<Assembly, ProxyAssembly> All = new();

    private int _names;

    private ProxyAssembly(Assembly interfaces)
    {
        var builder = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName($"OrleansMqtt.Actors.Proxies.{interfaces.GetName().Name}"), AssemblyBuilderAccess.Run);
        // Internal interfaces may take types that are internal to assemblies which made them visible to theirs.
        var names = interfaces.GetReferencedAssemblies().Select(reference => reference.Name)
            .Append(interfaces.GetName().Name)
            .Append(typeof(ProxyAssembly).Assembly.GetName().Name)
            .Distinct();
        var attribute = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        foreach (var name in names)
        {
            builder.SetCustomAttribute(new CustomAttributeBuilder(attribute, [name]));
        }

        Module = builder.DefineDynamicModule("Proxies");
    }

    public ModuleBuilder Module { get; }

    public static ProxyAssembly For(Assembly interfaces) => All.GetOrAdd(interfaces, static assembly => new ProxyAssembly(assembly));

    public string UniqueName(string name) => $"{name}_{Interlocked.Increment(ref _names)}";
}

using System.Reflection;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Activations;

/// <summary>The grain classes of this process: those in its program's assembly and everything that refers to this one.</summary>
internal sealed class GrainClassCatalog
{
    private static readonly Lazy<GrainClassCatalog> Process = new(() => new GrainClassCatalog(Discover()));

    private readonly Dictionary<GrainType, GrainClass> _byType = [];
    private readonly ILookup<Type, GrainClass> _byInterface;

    public GrainClassCatalog(IEnumerable<Type> types)
        : this(types.Where(IsGrainClass).Select(static type => new GrainClass(type)))
    {
    }

    private GrainClassCatalog(IEnumerable<GrainClass> classes)
    {
        foreach (var grainClass in classes)
        {
            if (!_byType.TryAdd(grainClass.GrainType, grainClass))
            {
                throw new OrleansConfigurationException(
                    $"{grainClass.Type} and {_byType[grainClass.GrainType].Type} have the same grain type \"{grainClass.GrainType}\"; "
                    + "name one with [GrainType].");
            }
        }

        _byInterface = _byType.Values.SelectMany(grainClass => grainClass.Interfaces, (grainClass, type) => (grainClass, type))
            .ToLookup(pair => pair.type, pair => pair.grainClass);
    }

    public static GrainClassCatalog OfProcess => Process.Value;

    public IEnumerable<GrainClass> All => _byType.Values;

    /// <summary>A catalog of some classes, which may be others than those of this process.</summary>
    /// <exception cref="OrleansConfigurationException">One is no grain class, or two have the same grain type.</exception>
    public static GrainClassCatalog Of(IReadOnlySet<Type> types)
    {
        var ours = OfProcess.All.Where(grainClass => types.Contains(grainClass.Type)).ToDictionary(static grainClass => grainClass.Type);
        if (types.Count == ours.Count && ours.Count == OfProcess._byType.Count)
        {
            return OfProcess;
        }

        return types.FirstOrDefault(static type => !IsGrainClass(type)) is { } wrong
            ? throw new OrleansConfigurationException($"{wrong} in {nameof(GrainTypeOptions)}.{nameof(GrainTypeOptions.Classes)} is no grain class: that is a class, neither abstract nor open, which implements a grain interface.")
            : new(types.Select(type => ours.GetValueOrDefault(type) ?? new GrainClass(type)));
    }

    public GrainClass? Find(GrainType type) => _byType.GetValueOrDefault(type);

    /// <summary>The grain type that serves an interface.</summary>
    /// <exception cref="ArgumentException">No class implements it, or several do and the prefix does not say which.</exception>
    public GrainType GrainTypeOf(Type interfaceType, string? classNamePrefix)
    {
        var candidates = _byInterface[interfaceType]
            .Where(candidate => classNamePrefix is null
                || candidate.Type.FullName!.StartsWith(classNamePrefix, StringComparison.Ordinal)
                || candidate.Type.Name.StartsWith(classNamePrefix, StringComparison.Ordinal))
            .ToArray();
        return candidates.Length switch
        {
            1 => candidates[0].GrainType,
            0 => throw new ArgumentException($"No grain class implements {interfaceType}."),
            _ => throw new ArgumentException(
                $"{string.Join(" and ", candidates.Select(candidate => candidate.Type))} implement {interfaceType}; name one by its prefix."),
        };
    }

    public static bool IsGrainInterface(Type type) =>
        type.IsInterface && typeof(IGrain).IsAssignableFrom(type) && type != typeof(IGrain) && type != typeof(IGrainWithStringKey)
        && type != typeof(IGrainWithIntegerKey) && type != typeof(IGrainWithGuidKey);

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }
        && typeof(IGrain).IsAssignableFrom(type) && !typeof(GrainReference).IsAssignableFrom(type);

    /// <summary>The types of the program's assemblies that refer to this one.</summary>
    public static IEnumerable<Type> Discover()
    {
        var self = typeof(GrainClassCatalog).Assembly;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic));
        while (open.TryPop(out var assembly))
        {
            if (!seen.Add(assembly.FullName!))
            {
                continue;
            }

            var references = assembly.GetReferencedAssemblies();
            foreach (var reference in references.Where(reference => !IsPlatform(reference.Name!) && !seen.Contains(reference.FullName)))
            {
                if (TryLoad(reference) is { } loaded)
                {
                    open.Push(loaded);
                }
            }

            if (references.Any(reference => reference.Name == self.GetName().Name))
            {
                foreach (var type in assembly.GetTypes())
                {
                    yield return type;
                }
            }
        }
    }

    private static bool IsPlatform(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal)
        || name is "System" or "mscorlib" or "netstandard";

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (FileNotFoundException)
        {
            // A reference that was not deployed is one that this program never uses, so it holds no grain for it.
            return null;
        }
    }
}

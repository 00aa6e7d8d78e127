using System.Reflection;
using System.Runtime.Loader;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>The `Handlers` section: class libraries of users, with topic handlers in them.</summary>
internal static class HandlerSettings
{
    /// <summary>Its name.</summary>
    public const string Section = "Handlers";

    private const string AssembliesKey = $"{Section}:Assemblies";

    /// <summary>Reads it, and loads the libraries: from then on their grain classes are among those of the process.</summary>
    /// <param name="reader">The reader.</param>
    public static void Load(SettingsReader reader)
    {
        var setting = reader.Get(AssembliesKey);
        foreach (var path in (setting.Text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (Load(path) is { } problem)
                setting.Reader.Report($"{setting.Key} has \"{path}\", which cannot be loaded: {problem}; allowed are class libraries for .NET 10 that refer to OrleansMqtt.Abstractions, with commas between them.");
    }

    /// <summary>Knows the key where no handlers can run.</summary>
    /// <param name="reader">The reader.</param>
    public static void Refuse(SettingsReader reader)
    {
        var setting = reader.Get(AssembliesKey);
        if (!string.IsNullOrEmpty(setting.Text)) reader.Report($"{setting.Key} is \"{setting.Text}\", and this is a gateway of a cluster, which runs no handlers; allowed is to leave it out here and to set it for the silos.");
    }

    private static string? Load(string path)
    {
        var file = Path.GetFullPath(path);
        if (!File.Exists(file)) return "there is no such file";
        try
        {
            var resolver = new AssemblyDependencyResolver(file);
            // Asked only for what the program does not have itself: contracts and broker are the same for all.
            AssemblyLoadContext.Default.Resolving += (context, name) => resolver.ResolveAssemblyToPath(name) is { } found ? context.LoadFromAssemblyPath(found) : null;
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => resolver.ResolveUnmanagedDllToPath(name) is { } found ? System.Runtime.InteropServices.NativeLibrary.Load(found) : 0;
            // All types, as what one of them lacks is better known now.
            _ = AssemblyLoadContext.Default.LoadFromAssemblyPath(file).GetTypes();
            return null;
        }
        catch (ReflectionTypeLoadException exception)
        {
            return Sentence(exception.LoaderExceptions.FirstOrDefault(static cause => cause is not null) ?? exception);
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException or FileNotFoundException or InvalidOperationException)
        {
            return Sentence(exception);
        }
    }

    private static string Sentence(Exception exception) => exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
}

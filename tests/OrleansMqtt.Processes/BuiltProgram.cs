using System.Reflection;

namespace OrleansMqtt.Processes;

/// <summary>The programs that this repository builds, and what runs them.</summary>
internal static class BuiltProgram
{
    public static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The gateway host.</summary>
    public static string Gateway => Locate("GatewayAssembly");

    /// <summary>The silo host.</summary>
    public static string Silo => Locate("SiloAssembly");

    /// <summary>The checker of a broker's promises.</summary>
    public static string PromiseCheck => Locate("PromiseCheckAssembly");

    /// <summary>A library with topic handlers, in version 1 or 2.</summary>
    public static string Handlers(int version) => Locate($"Handlers{version}Assembly");

    /// <summary>Whether they were built for Microsoft Orleans instead of the bundled actor runtime: it finds losses out later.</summary>
    public static bool IsForOrleans => Read("ActorRuntime") == "Orleans";

    private static string Read(string key) => typeof(BuiltProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private static string Locate(string key)
    {
        var assembly = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, Read(key)));
        Assert.True(File.Exists(assembly), $"not built: {assembly}");
        return assembly;
    }
}

using System.Reflection;

namespace OrleansMqtt.Hosting.Running;

/// <summary>This program's version.</summary>
internal static class ProgramVersion
{
    /// <summary>Without the commit that the SDK appends after a plus sign.</summary>
    public static string Text => typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

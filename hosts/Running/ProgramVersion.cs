using System.Reflection;

namespace OrleansMqtt.Hosts.Running;

/// <summary>This program's version.</summary>
internal static class ProgramVersion
{
    /// <summary>Without the commit that the SDK appends after a plus sign.</summary>
    public static string Text => typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

using OrleansMqtt.AppHost.Local.Readiness;

namespace OrleansMqtt.AppHost.Local.Programs;

/// <summary>A program to run.</summary>
/// <param name="Name">What its lines are marked with.</param>
/// <param name="File">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">What its environment has besides this process' own.</param>
/// <param name="ReadsConfiguration">Whether its exit code tells that its configuration is wrong.</param>
/// <param name="Probe">Makes, for each run, what finds out when it serves.</param>
internal sealed record ProgramDescription(
    string Name, string File, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, bool ReadsConfiguration, Func<IReadinessProbe> Probe);

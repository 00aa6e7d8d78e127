namespace OrleansMqtt.Architecture.Tests;

/// <summary>
/// Which project may refer to which: downwards only, never to a sibling.
/// aspire → hosts, samples → Hosting → Grains · Gateway · Storage.* · Client → Abstractions → Actors or Orleans · Protocol. The command line tool stands beside the
/// hosts and works with any broker, so it refers to what clients have alone: Client · Protocol. Beside Hosting stand the testing host, which is
/// the same for tests of users, and streams, which are a part of Microsoft Orleans alone. Tests refer to what they test; but the
/// checker of any broker's promises, a program among them, refers to Protocol alone.
/// </summary>
internal static class ReferenceRules
{
    private const string Abstractions = "src/OrleansMqtt.Abstractions/";
    private const string Cli = "src/OrleansMqtt.Cli/";
    private const string PromiseCheck = "tests/OrleansMqtt.PromiseCheck/";
    private const string Protocol = "src/OrleansMqtt.Protocol/";
    private const string TestingHost = "src/OrleansMqtt.TestingHost/";
    private const int HostingFloor = 2;
    private static readonly string[] CliTargets = ["src/OrleansMqtt.Client/", Protocol];

    /// <summary>Folders by floor, the top one first. A project refers to floors below its own.</summary>
    private static readonly string[][] Floors =
    [
        ["aspire/"],
        ["gateway/", "silo/", Cli, "samples/"],
        ["src/OrleansMqtt.Hosting/", "src/OrleansMqtt.Streams/", TestingHost],
        ["src/OrleansMqtt.Grains/", "src/OrleansMqtt.Gateway/", "src/OrleansMqtt.Storage.", "src/OrleansMqtt.Security/", "src/OrleansMqtt.Client/"],
        [Abstractions],
        ["src/OrleansMqtt.Actors/", Protocol],
    ];

    /// <summary>What is wrong with a project's references, one sentence each.</summary>
    public static IEnumerable<string> Breaches(ProjectFile project)
    {
        if (project.Path.StartsWith(PromiseCheck, StringComparison.Ordinal))
        {
            foreach (var target in project.Projects.Where(static target => !target.StartsWith(Protocol, StringComparison.Ordinal)))
                yield return $"{project.Path} refers to {target}; the checker works with any broker, not with this one's rooms.";
        }
        if (project.IsTest) yield break;
        if (FloorOf(project.Path) is not { } floor)
        {
            yield return $"{project.Path} has no floor: give it one in {nameof(ReferenceRules)}.";
            yield break;
        }
        foreach (var target in project.Projects)
        {
            if (FloorOf(target) is not { } below || below <= floor)
                yield return $"{project.Path} refers to {target}, which does not lie below it.";
            else if (IsRuntime(target) && !IsAbstractions(project))
                yield return $"{project.Path} refers to {target}; the actor runtime is chosen in Abstractions alone.";
            else if (target.StartsWith(TestingHost, StringComparison.Ordinal))
                yield return $"{project.Path} refers to {target}; the testing host is for tests alone.";
            else if (project.Path.StartsWith(Cli, StringComparison.Ordinal) && !CliTargets.Any(room => target.StartsWith(room, StringComparison.Ordinal)))
                yield return $"{project.Path} refers to {target}; the command line tool works with any broker, not with this one's rooms.";
        }
        foreach (var package in project.Packages)
            if (package.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal) && !IsAbstractions(project) && floor != HostingFloor)
                yield return $"{project.Path} refers to {package}; the actor runtime is chosen in Abstractions, and by Hosting, its bridges and the testing host.";
        if (project.Path.StartsWith(Protocol, StringComparison.Ordinal))
            foreach (var reference in (IEnumerable<string>)[.. project.Projects, .. project.Packages, .. project.Others])
                yield return $"{project.Path} refers to {reference}; Protocol uses the base class library only.";
    }

    private static bool IsRuntime(string path) => path.StartsWith("src/OrleansMqtt.Actors/", StringComparison.Ordinal);

    private static bool IsAbstractions(ProjectFile project) => project.Path.StartsWith(Abstractions, StringComparison.Ordinal);

    private static int? FloorOf(string path)
    {
        var floor = Array.FindIndex(Floors, folders => folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)));
        return floor < 0 ? null : floor;
    }
}

using System.Xml.Linq;

namespace OrleansMqtt.Architecture.Tests;

/// <summary>What a project file refers to, conditions left aside.</summary>
/// <param name="Path">Path from the repository's root.</param>
/// <param name="Projects">Paths of referenced projects, from the repository's root.</param>
/// <param name="Packages">Names of referenced packages.</param>
/// <param name="Others">Names of referenced frameworks and assemblies.</param>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages, IReadOnlyList<string> Others)
{
    public static IReadOnlyList<ProjectFile> All { get; } = [.. Repository.Files("", ".csproj").Select(static path => Parse(path, string.Join('\n', Repository.Lines(path))))];

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    public static ProjectFile Parse(string path, string xml)
    {
        var document = XDocument.Parse(xml);
        return new ProjectFile(path, [.. Included("ProjectReference").Select(Resolve)], [.. Included("PackageReference")], [.. Included("FrameworkReference"), .. Included("Reference")]);

        IEnumerable<string> Included(string element) => document.Descendants(element).Select(static e => e.Attribute("Include")?.Value).OfType<string>();

        string Resolve(string reference)
        {
            var folder = System.IO.Path.GetDirectoryName(System.IO.Path.Combine(Repository.Root, path))!;
            var full = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, reference.Replace('\\', '/')));
            return System.IO.Path.GetRelativePath(Repository.Root, full).Replace('\\', '/');
        }
    }
}

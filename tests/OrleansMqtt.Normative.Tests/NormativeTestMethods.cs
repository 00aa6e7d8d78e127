using System.Reflection;

namespace OrleansMqtt.Normative.Tests;

/// <summary>Which tests say that they prove which statement. A class that says so speaks for all its tests.</summary>
internal static class NormativeTestMethods
{
    public static ILookup<Statement, string> ByStatement { get; } = Directory.EnumerateFiles(AppContext.BaseDirectory, "OrleansMqtt.*.Tests.dll")
        .SelectMany(path => Assembly.Load(Path.GetFileNameWithoutExtension(path)).GetTypes())
        .SelectMany(Read)
        .ToLookup(t => t.Statement, t => t.Test);

    private static IEnumerable<(Statement Statement, string Test)> Read(Type type) =>
        StatementsOf(type).Select(statement => (statement, type.Name))
            .Concat(type.GetMethods().SelectMany(method => StatementsOf(method).Select(statement => (statement, $"{type.Name}.{method.Name}"))));

    // By name: every test assembly has an attribute of its own, from the same source file.
    private static IEnumerable<Statement> StatementsOf(MemberInfo member) => member.GetCustomAttributesData()
        .Where(attribute => attribute.AttributeType.FullName == "OrleansMqtt.Tests.NormativeAttribute")
        .Select(attribute => new Statement((string)attribute.ConstructorArguments[0].Value!, (string)attribute.ConstructorArguments[1].Value!));
}

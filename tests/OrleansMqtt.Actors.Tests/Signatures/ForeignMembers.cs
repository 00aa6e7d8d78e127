using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace OrleansMqtt.Actors.Tests.Signatures;

/// <summary>The members of other assemblies that an assembly refers to.</summary>
internal static class ForeignMembers
{
    public static IReadOnlyList<(string Type, string Signature)> UsedBy(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        return
        [
            .. reader.MemberReferences.Select(reader.GetMemberReference)
                .Where(member => member.GetKind() == MemberReferenceKind.Method)
                .Select(member => (OpenName(TypeNames.Instance.Of(reader, ParentType(reader, member))), Signature(reader, member))),
        ];
    }

    private static EntityHandle ParentType(MetadataReader reader, MemberReference member) =>
        member.Parent.Kind == HandleKind.MethodDefinition
            ? reader.GetMethodDefinition((MethodDefinitionHandle)member.Parent).GetDeclaringType()
            : member.Parent;

    private static string OpenName(string type) => type.Split('<')[0];

    private static string Signature(MetadataReader reader, MemberReference member)
    {
        var signature = member.DecodeMethodSignature(TypeNames.Instance, null);
        var arity = signature.GenericParameterCount == 0 ? "" : $"``{signature.GenericParameterCount}";
        return $"{reader.GetString(member.Name)}{arity}({string.Join(", ", signature.ParameterTypes)})";
    }
}

using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace OrleansMqtt.Actors.Tests.Signatures;

/// <summary>Reads the public types of an assembly from its metadata; nothing is loaded, so dependencies may be missing.</summary>
internal static class PublicSurface
{
    public static IReadOnlyDictionary<string, PublicType> Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        return reader.TypeDefinitions
            .Where(handle => IsVisible(reader, reader.GetTypeDefinition(handle)))
            .Select(handle => Read(reader, handle))
            .ToDictionary(type => type.Name);
    }

    private static bool IsVisible(MetadataReader reader, TypeDefinition type) =>
        (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem =>
                IsVisible(reader, reader.GetTypeDefinition(type.GetDeclaringType())),
            _ => false,
        };

    private static PublicType Read(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var names = TypeNames.Instance;
        var baseType = names.Of(reader, type.BaseType);
        var kind = type.Attributes.HasFlag(TypeAttributes.Interface) ? "interface"
            : baseType switch { "System.Enum" => "enum", "System.ValueType" => "struct", _ => "class" };
        var shape = new Dictionary<string, string>
        {
            ["kind"] = kind,
            ["modifiers"] = (type.Attributes & (TypeAttributes.Abstract | TypeAttributes.Sealed)).ToString(),
            ["base type"] = baseType,
            ["generic parameters"] = GenericParameters(reader, type.GetGenericParameters()),
            ["attribute usage"] = AttributeUsage(reader, type),
        };
        var interfaces = type.GetInterfaceImplementations()
            .Select(implementation => names.Of(reader, reader.GetInterfaceImplementation(implementation).Interface))
            .ToHashSet();
        var members = Methods(reader, type, kind == "interface").Concat(Fields(reader, type)).ToDictionary();
        return new PublicType(names.Of(reader, handle), shape, interfaces, members);
    }

    private static IEnumerable<KeyValuePair<string, PublicMember>> Methods(MetadataReader reader, TypeDefinition type, bool ofInterface)
    {
        foreach (var handle in type.GetMethods())
        {
            var method = reader.GetMethodDefinition(handle);
            if (!IsVisible(method.Attributes & MethodAttributes.MemberAccessMask))
            {
                continue;
            }

            var signature = method.DecodeSignature(TypeNames.Instance, null);
            var name = reader.GetString(method.Name);
            var arity = signature.GenericParameterCount == 0 ? "" : $"``{signature.GenericParameterCount}";
            var isOverride = method.Attributes.HasFlag(MethodAttributes.Virtual) && !method.Attributes.HasFlag(MethodAttributes.NewSlot);
            const MethodAttributes Told = MethodAttributes.Static | MethodAttributes.Virtual | MethodAttributes.Abstract | MethodAttributes.Final;
            yield return new(
                $"{name}{arity}({string.Join(", ", signature.ParameterTypes)})",
                new PublicMember(
                    $"{Access(method.Attributes & MethodAttributes.MemberAccessMask)} {method.Attributes & Told} {signature.ReturnType} "
                    + $"({string.Join(", ", Parameters(reader, method))}) {GenericParameters(reader, method.GetGenericParameters())}",
                    ofInterface && method.Attributes.HasFlag(MethodAttributes.Abstract),
                    isOverride));
        }
    }

    private static IEnumerable<KeyValuePair<string, PublicMember>> Fields(MetadataReader reader, TypeDefinition type)
    {
        foreach (var handle in type.GetFields())
        {
            var field = reader.GetFieldDefinition(handle);
            var access = (MethodAttributes)(int)(field.Attributes & FieldAttributes.FieldAccessMask);
            if (!IsVisible(access))
            {
                continue;
            }

            const FieldAttributes Told = FieldAttributes.Static | FieldAttributes.InitOnly | FieldAttributes.Literal;
            var constant = field.GetDefaultValue() is { IsNil: false } value ? $" = {Constant(reader, value)}" : "";
            yield return new(
                reader.GetString(field.Name),
                new PublicMember(
                    $"{Access(access)} {field.Attributes & Told} {field.DecodeSignature(TypeNames.Instance, null)}{constant}", false, false));
        }
    }

    private static IEnumerable<string> Parameters(MetadataReader reader, MethodDefinition method) =>
        method.GetParameters().Select(reader.GetParameter).Where(parameter => parameter.SequenceNumber > 0)
            .OrderBy(parameter => parameter.SequenceNumber)
            .Select(parameter => reader.GetString(parameter.Name)
                + (parameter.GetDefaultValue() is { IsNil: false } value ? " = " + Constant(reader, value)
                    : parameter.Attributes.HasFlag(ParameterAttributes.Optional) ? " = default" : ""));

    private static string Constant(MetadataReader reader, ConstantHandle handle)
    {
        var constant = reader.GetConstant(handle);
        return reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode)?.ToString() ?? "null";
    }

    private static string GenericParameters(MetadataReader reader, GenericParameterHandleCollection parameters) =>
        string.Join(";", parameters.Select(reader.GetGenericParameter).Select(parameter =>
            $"{parameter.Attributes}:" + string.Join(",", parameter.GetConstraints()
                .Select(constraint => TypeNames.Instance.Of(reader, reader.GetGenericParameterConstraint(constraint).Type)).Order())));

    /// <summary>The raw value of [AttributeUsage], its targets and flags.</summary>
    private static string AttributeUsage(MetadataReader reader, TypeDefinition type)
    {
        foreach (var handle in type.GetCustomAttributes())
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (attribute.Constructor.Kind == HandleKind.MemberReference
                && TypeNames.Instance.Of(reader, reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent)
                == "System.AttributeUsageAttribute")
            {
                return UsageOf(reader.GetBlobReader(attribute.Value));
            }
        }

        return "";
    }

    private static string UsageOf(BlobReader value)
    {
        // ECMA-335 II.23.3: prolog, the targets, then named arguments: property, boolean, name, value.
        value.ReadUInt16();
        var targets = (AttributeTargets)value.ReadInt32();
        var (multiple, inherited) = (false, true);
        for (var count = value.ReadUInt16(); count > 0; count--)
        {
            value.ReadUInt16();
            var isMultiple = value.ReadSerializedString() == nameof(AttributeUsageAttribute.AllowMultiple);
            var set = value.ReadBoolean();
            (multiple, inherited) = isMultiple ? (set, inherited) : (multiple, set);
        }

        return $"{targets}, multiple {multiple}, inherited {inherited}";
    }

    private static bool IsVisible(MethodAttributes access) =>
        access is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    // "protected internal" is "protected" to everybody outside.
    private static string Access(MethodAttributes access) => access == MethodAttributes.Public ? "public" : "protected";
}

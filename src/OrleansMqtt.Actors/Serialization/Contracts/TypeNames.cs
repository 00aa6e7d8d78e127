namespace OrleansMqtt.Actors.Serialization;

internal static class TypeNames
{
    /// <summary>A type as a message to a programmer names it.</summary>
    public static string Of(Type type) =>
        type.IsArray ? Of(type.GetElementType()!) + "[]"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>"
        : type.Name;
}

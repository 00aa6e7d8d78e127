namespace Orleans;

/// <summary>Marks a contract type for which a serializer is needed when it crosses processes.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute;

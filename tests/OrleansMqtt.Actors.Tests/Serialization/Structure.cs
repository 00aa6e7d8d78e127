using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Tests.Serialization;

/// <summary>All that a value is made of, as text: two values are the same when their texts are.</summary>
internal static class Structure
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        double number => "d" + BitConverter.DoubleToInt64Bits(number).ToString("x", CultureInfo.InvariantCulture),
        float number => "f" + BitConverter.SingleToInt32Bits(number).ToString("x", CultureInfo.InvariantCulture),
        Half number => "h" + BitConverter.HalfToInt16Bits(number).ToString("x", CultureInfo.InvariantCulture),
        DateTime time => $"{time.Ticks}{time.Kind}",
        DateTimeOffset time => $"{time.Ticks}{time.Offset}",
        CancellationToken token => token.CanBeCanceled.ToString(),
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        ReadOnlyMemory<int> numbers => Of(numbers.ToArray()),
        Uri or Version or GrainReference or SiloAddress or Enum => $"{value.GetType().Name} {value}",
        IFormattable plain when value.GetType().Namespace == "System" => plain.ToString(null, CultureInfo.InvariantCulture),
        bool or char => value.ToString()!,
        IDictionary map => Unordered(map),
        IEnumerable items when value.GetType() is { IsValueType: true } type && (bool)type.GetProperty("IsDefault")!.GetValue(items)! => "default",
        IEnumerable items => IsUnordered(items.GetType()) ? Unordered(items) : $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",
        _ => Members(value),
    };

    private static bool IsUnordered(Type type) =>
        type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() is var open && (open == typeof(IReadOnlySet<>) || open == typeof(ISet<>)));

    private static string Unordered(IEnumerable items) =>
        $"{{{string.Join(", ", items.Cast<object?>().Select(item => item is DictionaryEntry entry ? $"{Of(entry.Key)}: {Of(entry.Value)}" : Of(item)).Order(StringComparer.Ordinal))}}}";

    private static string Members(object value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var fields = new List<string>();
        for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            fields.AddRange(type.GetFields(Declared).Select(field => $"{field.Name}={Of(field.GetValue(value))}"));
        }

        return $"{value.GetType().Name}({string.Join(", ", fields)})";
    }
}

using System.Globalization;

namespace OrleansMqtt.Cli.Options;

/// <summary>The kinds of options.</summary>
internal static class CheckedOptions
{
    /// <summary>A whole number.</summary>
    public static CheckedOption<int> Number(string name, string description, int minimum, int maximum) => new(
        name,
        description,
        $"a whole number from {minimum} to {maximum}",
        (text, out value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum);

    /// <summary>A number that may have a fraction.</summary>
    public static CheckedOption<double> Fractional(string name, string description, double minimum, double maximum) => new(
        name,
        description,
        FormattableString.Invariant($"a number from {minimum} to {maximum}"),
        (text, out value) => TryFractional(text, minimum, maximum, out value));

    /// <summary>A length of time in seconds.</summary>
    public static CheckedOption<TimeSpan> Seconds(string name, string description, double minimum, double maximum) => new(
        name,
        description,
        FormattableString.Invariant($"a number of seconds from {minimum} to {maximum}"),
        (text, out value) =>
        {
            var allowed = TryFractional(text, minimum, maximum, out var seconds);
            value = allowed ? TimeSpan.FromSeconds(seconds) : default;
            return allowed;
        });

    /// <summary>One of a few words.</summary>
    public static CheckedOption<T> Choice<T>(string name, string description, params (string Word, T Value)[] choices) => new(
        name,
        description,
        string.Join(" or ", choices.Select(static choice => choice.Word)),
        (text, out value) =>
        {
            var index = Array.FindIndex(choices, choice => choice.Word == text);
            value = index < 0 ? default! : choices[index].Value;
            return index >= 0;
        });

    /// <summary>Any text that passes a test.</summary>
    public static CheckedOption<string> Text(string name, string description, string allowed, Predicate<string> isAllowed) => new(
        name,
        description,
        allowed,
        (text, out value) =>
        {
            value = text;
            return isAllowed(text);
        });

    private static bool TryFractional(string text, double minimum, double maximum, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum;
}

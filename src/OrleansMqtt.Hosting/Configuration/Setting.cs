using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>Makes a value of a setting's text.</summary>
internal delegate bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>What stands under one key. Reading it as something that it is not gives the fallback and reports the problem.</summary>
/// <param name="Reader">Where problems go.</param>
/// <param name="Key">The key that the text was found under.</param>
/// <param name="Text">The text; null where the key is not set.</param>
internal readonly record struct Setting(SettingsReader Reader, string Key, string? Text)
{
    /// <summary>A value of any kind.</summary>
    /// <param name="tryParse">Makes it.</param>
    /// <param name="allowed">What is allowed, in words: "a whole number from 1 to 9".</param>
    /// <param name="fallback">The value where the key is not set.</param>
    public T Parse<T>(TryParse<T> tryParse, string allowed, T fallback)
    {
        if (Text is null) return fallback;
        if (tryParse(Text, out var value)) return value;
        Reader.Report($"{Key} is \"{Text}\"; allowed is {allowed}.");
        return fallback;
    }

    /// <summary>A whole number in decimal digits.</summary>
    public T Whole<T>(T minimum, T maximum, T fallback)
        where T : struct, IBinaryInteger<T> =>
        Parse(
            (string text, out T value) => T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum,
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}"), fallback);

    /// <summary>True or false.</summary>
    public bool Flag(bool fallback) => Parse<bool>(bool.TryParse, "true or false", fallback);

    /// <summary>One of an enumeration's names, in upper or lower case.</summary>
    public T Choice<T>(T fallback)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        return Parse(
            (string text, out T value) => Enum.TryParse(text, ignoreCase: true, out value) && names.Contains(text, StringComparer.OrdinalIgnoreCase),
            $"{string.Join(", ", names[..^1])} or {names[^1]}", fallback);
    }

    /// <summary>The one word that this version can do.</summary>
    /// <param name="word">The word, which is also the fallback.</param>
    /// <param name="later">What later versions can do besides, with its verb: "a directory comes".</param>
    public string Only(string word, string later)
    {
        if (Text is not null && !Text.Equals(word, StringComparison.OrdinalIgnoreCase))
            Reader.Report($"{Key} is \"{Text}\"; allowed is {word}, and {later} with a later version.");
        return word;
    }
}

namespace OrleansMqtt.Handlers;

/// <summary>What dead letters say of failures.</summary>
internal static class Reasons
{
    private const int MaximumLength = 1024;

    /// <summary>One line, whatever a user's exception says.</summary>
    public static string Of(Exception exception) => LineOf($"{exception.GetType().Name}: {exception.Message}");

    /// <summary>A text as one line that is not too long.</summary>
    public static string LineOf(string text) =>
        // A lone half of a pair has no UTF-8 form.
        string.Create(Math.Min(text.Length, MaximumLength), text, static (line, text) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(text[i]) || char.IsSurrogate(text[i]) ? ' ' : text[i];
        });
}

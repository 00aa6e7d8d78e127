using System.Text;

namespace OrleansMqtt.Cli;

/// <summary>Where secrets come from.</summary>
/// <param name="Read">Asks for one with a text; null when there is no more to read.</param>
/// <param name="IsTyped">Whether somebody types it and sees nothing of it, so that it is asked for twice.</param>
internal sealed record SecretInput(Func<string, string?> Read, bool IsTyped)
{
    /// <summary>Of this process: typed without echo, or a line of standard input.</summary>
    public static SecretInput OfProcess() => Console.IsInputRedirected ? new(static _ => Console.In.ReadLine(), IsTyped: false) : new(Type, IsTyped: true);

    private static string? Type(string prompt)
    {
        // Standard output may be piped.
        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return typed.ToString();
                case ConsoleKey.Backspace:
                    if (typed.Length > 0) typed.Length--;
                    break;
                default:
                    if (key.KeyChar != '\0') typed.Append(key.KeyChar);
                    break;
            }
        }
    }
}

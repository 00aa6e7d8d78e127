using System.CommandLine;

namespace OrleansMqtt.Cli.Options;

/// <summary>An option that can say what is allowed.</summary>
internal interface ICheckedOption
{
    /// <summary>Follows "allowed is".</summary>
    string Allowed { get; }
}

/// <summary>An option whose value is one text, and which can say what is allowed.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
internal sealed class CheckedOption<T> : Option<T>, ICheckedOption
{
    /// <summary>Makes an option.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="allowed">Follows "allowed is".</param>
    /// <param name="read">Reads the value; false if it is not allowed.</param>
    public CheckedOption(string name, string description, string allowed, Reader read)
        : base(name)
    {
        Description = description;
        HelpName = "value";
        Allowed = allowed;
        CustomParser = argument =>
        {
            var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
            if (read(text, out var value)) return value;
            argument.AddError($"Option {name} is \"{text}\"; allowed is {allowed}.");
            return default;
        };
    }

    /// <summary>Reads a value; false if it is not allowed.</summary>
    public delegate bool Reader(string text, out T value);

    /// <inheritdoc/>
    public string Allowed { get; }

    /// <summary>With the value that holds when the option is not given.</summary>
    public CheckedOption<T> Or(T value)
    {
        DefaultValueFactory = _ => value;
        return this;
    }
}

namespace Orleans.Runtime;

/// <summary>A reminder does not exist.</summary>
/// <param name="message">What happened.</param>
[GenerateSerializer]
public sealed class ReminderException(string message) : OrleansException(message);

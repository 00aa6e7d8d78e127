namespace OrleansMqtt.Security.Hooks;

/// <summary>A hook answered, but not as agreed. The message says how, without what it answered.</summary>
internal sealed class HookException(string message) : Exception(message);

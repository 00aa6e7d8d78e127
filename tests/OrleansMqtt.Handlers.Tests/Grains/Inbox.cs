using System.Collections.Concurrent;
using System.Threading.Channels;

namespace OrleansMqtt.Handlers.Tests.Grains;

/// <summary>Where handlers and tests meet: what a handler says under a name, the test reads.</summary>
internal static class Inbox
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, Channel<string>> All = new();

    public static void Put(string name, string what) => Of(name).Writer.TryWrite(what);

    public static async Task<string> TakeAsync(string name) => await Of(name).Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Guard, TestContext.Current.CancellationToken);

    public static bool IsEmpty(string name) => Of(name).Reader.Count == 0;

    private static Channel<string> Of(string name) => All.GetOrAdd(name, static _ => Channel.CreateUnbounded<string>());
}

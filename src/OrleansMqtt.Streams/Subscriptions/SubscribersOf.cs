using System.Reflection;
using Orleans.Streams;

namespace OrleansMqtt.Streams.Subscriptions;

/// <summary>Reads from what Orleans stores of a stream who its subscribers are. The class is not public, and has been so in all versions of Orleans.</summary>
/// <typeparam name="T">The class.</typeparam>
internal static class SubscribersOf<T>
{
    private static readonly PropertyInfo? Consumers = typeof(T).GetProperty("Consumers", BindingFlags.Instance | BindingFlags.Public);

    /// <summary>How many subscribers a stream has.</summary>
    /// <exception cref="NotSupportedException">This version of Orleans stores something else.</exception>
    public static int Count(T? state) => Consumers?.GetValue(state) is IEnumerable<PubSubSubscriptionState> consumers
        ? consumers.Count(static consumer => !consumer.IsFaulted)
        : throw new NotSupportedException($"Microsoft.Orleans.Streaming stores subscriptions as {typeof(T)}, which this version of OrleansMqtt.Streams does not know.");
}

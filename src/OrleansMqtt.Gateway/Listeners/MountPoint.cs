using System.Collections.Concurrent;
using System.Text;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>What stands before all topics of a listener's clients, unseen by them.</summary>
internal sealed class MountPoint
{
    private const int LongestTopic = 65_535;

    // The topic in hand; used up before the next packet is read.
    [ThreadStatic]
    private static byte[]? _scratch;

    private readonly string _text;
    private readonly byte[] _bytes;

    /// <summary>Takes the text.</summary>
    /// <exception cref="ArgumentException">It could not be the beginning of a topic name.</exception>
    public MountPoint(string text)
    {
        if (!IsValid(text)) throw new ArgumentException($"\"{text}\" is no mount point: it has to be the beginning of a topic name, without + and #.", nameof(text));
        (_text, _bytes) = (text, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Whether a text may be a mount point.</summary>
    public static bool IsValid(string text) => TopicFilter.IsValid(text) && !SharedFilter.IsShared(text) && !text.AsSpan().ContainsAny('+', '#');

    /// <summary>The whole topic, valid on this thread until the next one; empty where it would be too long to be one.</summary>
    public ReadOnlySpan<byte> Add(ReadOnlySpan<byte> topic)
    {
        var length = _bytes.Length + topic.Length;
        if (length > LongestTopic) return default;
        if (_scratch is null || _scratch.Length < length) _scratch = new byte[Math.Max(256, length)];
        _bytes.CopyTo(_scratch, 0);
        topic.CopyTo(_scratch.AsSpan(_bytes.Length));
        return _scratch.AsSpan(0, length);
    }

    /// <summary>The whole topic.</summary>
    public string Add(string topic) => _text + topic;

    /// <summary>The whole filter; of a shared one the group stays in front. What is no filter stays as it is.</summary>
    public string AddToFilter(string filter)
    {
        if (!SharedFilter.IsShared(filter)) return _text + filter;
        return SharedFilter.TryParse(filter, out var shared) ? $"{shared.Prefix}/{shared.Group}/{_text}{shared.Filter}" : filter;
    }

    /// <summary>The topic as the client sees it. One that lies elsewhere, or would have no name then, stays whole.</summary>
    public ReadOnlySpan<byte> Remove(ReadOnlySpan<byte> topic) => topic.Length > _bytes.Length && topic.StartsWith(_bytes) ? topic[_bytes.Length..] : topic;
}

/// <summary>The mount points of a gateway, each made once.</summary>
internal sealed class MountPoints
{
    private readonly ConcurrentDictionary<string, MountPoint> _points = new();

    /// <summary>A listener's; null where it has none.</summary>
    public MountPoint? Of(ListenerOptions listener) => listener.MountPoint.Length == 0 ? null : _points.GetOrAdd(listener.MountPoint, static text => new MountPoint(text));
}

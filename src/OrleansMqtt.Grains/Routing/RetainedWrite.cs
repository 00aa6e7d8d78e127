using OrleansMqtt.Messages;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Routing;

/// <summary>A message on its way to the retained store.</summary>
/// <param name="message">The message.</param>
/// <param name="stream">What its publisher has on its way.</param>
/// <param name="done">Called when it is stored, or could not be.</param>
internal sealed class RetainedWrite(Message message, PublishStream? stream, Action<Exception?> done) : StreamWrite(stream)
{
    public Message Message => message;

    /// <summary>Whether there was no room for it. Its stream goes on: what comes behind it depends on nothing that is missing.</summary>
    public bool IsRefused { get; set; }

    protected override void Complete(Exception? failure) => done(failure ?? (IsRefused ? new RetainedFullException() : null));
}

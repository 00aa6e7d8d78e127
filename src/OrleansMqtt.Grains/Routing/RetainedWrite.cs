using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>A message on its way to the retained store.</summary>
/// <param name="message">The message.</param>
/// <param name="stream">What its publisher has on its way.</param>
/// <param name="done">Called when it is stored, or could not be.</param>
internal sealed class RetainedWrite(Message message, PublishStream? stream, Action<Exception?> done) : StreamWrite(stream)
{
    public Message Message => message;

    protected override void Complete(Exception? failure) => done(failure);
}

using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>A connection whose both ends are in this process.</summary>
internal sealed class InsideConnection : DefaultConnectionContext
{
    // What the client does not read waits in its session, or is dropped at QoS 0, as for any other.
    private const int Buffer = 64 * 1024;

    public InsideConnection() : base(Guid.NewGuid().ToString("N"))
    {
        var toServer = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var toClient = new Pipe(new PipeOptions(pauseWriterThreshold: Buffer, resumeWriterThreshold: Buffer / 2, useSynchronizationContext: false));
        (Transport, Client) = (new Duplex(toServer.Reader, toClient.Writer), new Duplex(toClient.Reader, toServer.Writer));
    }

    /// <summary>The client's end.</summary>
    public IDuplexPipe Client { get; }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        Transport.Input.CancelPendingRead();
        Transport.Output.CancelPendingFlush();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

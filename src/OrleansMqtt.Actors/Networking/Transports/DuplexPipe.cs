using System.IO.Pipelines;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>A reader and a writer, as one end of a connection.</summary>
internal sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;
}

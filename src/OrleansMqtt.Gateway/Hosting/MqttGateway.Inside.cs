using System.IO.Pipelines;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Listeners;

namespace OrleansMqtt.Gateway.Hosting;

// Clients within the process.
public sealed partial class MqttGateway
{
    /// <summary>
    /// Opens a connection from within the process, without a socket: what is written to it is what a client sends. No authenticator is asked about it. To be called while the gateway runs.
    /// </summary>
    /// <param name="name">Name of whoever connects, for the log, in the place of a listener's.</param>
    /// <returns>The client's end.</returns>
    public IDuplexPipe Connect(string name)
    {
        var connection = new InsideConnection();
        var options = new ListenerOptions { Name = name, Authenticators = [], AllowAnonymous = true };
        _ = Listener.ServeAsync(new ClientConnection(connection, options, _context), _context.Logger);
        return connection.Client;
    }
}

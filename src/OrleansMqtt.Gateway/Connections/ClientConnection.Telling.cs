using OrleansMqtt.Events;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Connections;

// What observers are told of it.
internal sealed partial class ClientConnection
{
    private bool _isTold;

    private void TellConnected(ConnectPacket connect, ConnectOutcome outcome, ushort keepAlive)
    {
        if (_context.Events is not { } events) return;
        lock (_entering)
        {
            // Nobody is told of an end without a beginning, nor of a beginning behind the end.
            if (_detached) return;
            _isTold = true;
            if ((events.Wanted & EventKinds.Connected) == 0) return;
            events.Post(new ClientConnected
            {
                ClientId = ClientId,
                UserName = Identity.UserName,
                Connection = Epoch,
                Remote = Address?.ToString(),
                Listener = _listener.Name,
                Version = connect.Version,
                KeepAlive = keepAlive,
                CleanStart = connect.CleanStart,
                SessionPresent = outcome.SessionPresent,
                SessionExpiry = _sessionExpiry,
            });
        }
    }

    private void TellDisconnected()
    {
        if (!_isTold || _context.Events is not { } events || (events.Wanted & EventKinds.Disconnected) == 0) return;
        var (by, reason) = (_closeReason, _goodbye) switch
        {
            ({ } broken, _) => (DisconnectedBy.Broker, broken),
            (_, { } goodbye) => (DisconnectedBy.Client, goodbye.ReasonCode),
            _ => (DisconnectedBy.Network, (ReasonCode?)null),
        };
        events.Post(new ClientDisconnected
        {
            ClientId = ClientId,
            UserName = Identity.UserName,
            Connection = Epoch,
            By = by,
            Reason = reason,
            Description = by == DisconnectedBy.Client ? _goodbye!.ReasonString : _closeDescription,
        });
    }
}

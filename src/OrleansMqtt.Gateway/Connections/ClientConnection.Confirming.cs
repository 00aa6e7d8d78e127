using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Connections;

// How a session's grain that has lost sight of the connection knows it again.
internal sealed partial class ClientConnection
{
    /// <summary>Whether nobody knows of it but its session's grain.</summary>
    public bool IsUnstored => !_isPersistent && !_hasWill;

    /// <summary>Makes it known to its session's grain; ends it if that says so. Again and again, as long as it is there.</summary>
    public async Task ConfirmAsync()
    {
        while (!HasEnded && _context.MayServe && !await TryConfirmAsync()) await Task.Delay(DisconnectPause, _context.Time);
    }

    private async Task<bool> TryConfirmAsync()
    {
        try
        {
            if (!await _session!.ConfirmAsync(Epoch, _context.Identity.Name, _context.Endpoint!)) Close(ReasonCode.SessionTakenOver, "another connection is its client's latest");
            // Its end may have been told before.
            else if (HasEnded) await _session.DisconnectAsync(Epoch, new DisconnectRequest(PublishWill: false));
            return true;
        }
#pragma warning disable CA1031 // Whatever it is: it is tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotConfirmed(_context.Logger, exception, LogName);
            return false;
        }
    }
}

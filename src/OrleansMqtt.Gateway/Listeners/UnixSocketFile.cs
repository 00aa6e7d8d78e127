using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Transports.Epoll;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>The file of a UNIX socket: who may connect is written there, and it outlives a process that has died.</summary>
internal static class UnixSocketFile
{
    private const int AllPermissions = 0x1FF;
    private static readonly Lock Creating = new();

    /// <summary>Binds any listener; where it is a UNIX socket, what a dead process has left there is removed first.</summary>
    /// <exception cref="AddressInUseException">Somebody listens there.</exception>
    public static ValueTask<IConnectionListener> BindAsync(IConnectionListenerFactory transports, ListenerOptions options, CancellationToken cancellationToken)
    {
        if (options.Bind is not UnixDomainSocketEndPoint endPoint) return transports.BindAsync(options.Bind, cancellationToken);
        RemoveStale(endPoint);
        return new(Bind(transports, endPoint, options.Mode, cancellationToken));
    }

    /// <summary>Removes it when its listener has stopped.</summary>
    public static void Remove(ListenerOptions options)
    {
        if (options.Bind is UnixDomainSocketEndPoint endPoint && File.Exists(endPoint.ToString())) File.Delete(endPoint.ToString());
    }

    private static async Task<IConnectionListener> Bind(IConnectionListenerFactory transports, UnixDomainSocketEndPoint endPoint, UnixFileMode? mode, CancellationToken cancellationToken)
    {
        ValueTask<IConnectionListener> binding;
        lock (Creating)
        {
            // Never open to more than it may be, not for a moment either.
            var former = mode is { } bits && OperatingSystem.IsLinux() ? LibC.SetCreationMask(AllPermissions & ~(int)bits) : -1;
            try
            {
                binding = transports.BindAsync(endPoint, cancellationToken);
            }
            finally
            {
                if (former >= 0) _ = LibC.SetCreationMask(former);
            }
        }
        var listener = await binding;
        if (mode is not null && !OperatingSystem.IsWindows()) File.SetUnixFileMode(endPoint.ToString(), mode.Value);
        return listener;
    }

    private static void RemoveStale(UnixDomainSocketEndPoint endPoint)
    {
        if (!File.Exists(endPoint.ToString())) return;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(endPoint);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(endPoint.ToString()))
        {
            File.Delete(endPoint.ToString());
            return;
        }
        catch (SocketException)
        {
            // Something else stands there, or it is another user's: binding says what.
            return;
        }
        throw new AddressInUseException($"another process listens on {endPoint}");
    }

    // connect(2) refuses other files in the same words; open(2) knows.
    private static bool IsSocket(string path)
    {
        const int noSuchDeviceOrAddress = 6;
        try
        {
            using var file = File.OpenHandle(path);
            return false;
        }
        catch (IOException exception)
        {
            return exception.HResult == noSuchDeviceOrAddress;
        }
    }
}

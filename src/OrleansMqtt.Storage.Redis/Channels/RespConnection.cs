using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Channels;

/// <summary>One connection that subscribes.</summary>
/// <remarks>
/// The library's does not do: what comes for several subscriptions keeps its order in version 1 of it alone, and both connect again underneath, so that nobody knows what came by the same connection.
/// </remarks>
internal sealed class RespConnection : IAsyncDisposable
{
    private const string UserKey = "user=";
    private readonly Stream _stream;

    private RespConnection(Stream stream) => (_stream, Reader) = (stream, new RespReader(stream));

    /// <summary>What Redis sends.</summary>
    public RespReader Reader { get; }

    /// <summary>Connects to the first of the addresses that answers, with TLS, user and password where there are some.</summary>
    /// <exception cref="SocketException">Nobody is there.</exception>
    /// <exception cref="IOException">Redis refuses the connection, or ends it.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">Its certificate is not valid.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async Task<RespConnection> OpenAsync(string connectionString, ConfigurationOptions configuration, CancellationToken cancellationToken)
    {
        SocketException? refused = null;
        foreach (var address in configuration.EndPoints)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, cancellationToken);
                return await OpenAsync(socket, address, connectionString, configuration, cancellationToken);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                refused = exception;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw refused!;
    }

    /// <summary>Sends a command.</summary>
    public async Task SendAsync(IReadOnlyList<byte[]> command, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        Write(bytes, '*', command.Count);
        foreach (var part in command)
        {
            Write(bytes, '$', part.Length);
            bytes.Write(part);
            bytes.Write("\r\n"u8);
        }
        await _stream.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static async Task<RespConnection> OpenAsync(Socket socket, EndPoint address, string connectionString, ConfigurationOptions configuration, CancellationToken cancellationToken)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (configuration.Ssl)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = configuration.SslHost ?? (address as DnsEndPoint)?.Host ?? address.ToString() }, cancellationToken);
            stream = tls;
        }
        var connection = new RespConnection(stream);
        if (string.IsNullOrEmpty(configuration.Password)) return connection;
        string[] command = UserOf(connectionString) is { } user ? ["AUTH", user, configuration.Password] : ["AUTH", configuration.Password];
        await connection.SendAsync([.. command.Select(Encoding.UTF8.GetBytes)], cancellationToken);
        while (!connection.Reader.TryRead()) await connection.Reader.FillAsync(cancellationToken);
        return connection;
    }

    // Version 1 of the library knows no users, and so has no property for them.
    private static string? UserOf(string connectionString) => connectionString.Split(',', StringSplitOptions.TrimEntries)
        .Where(static part => part.StartsWith(UserKey, StringComparison.OrdinalIgnoreCase)).Select(static part => part[UserKey.Length..]).FirstOrDefault();

    private static void Write(MemoryStream bytes, char kind, int number) => bytes.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind}{number}\r\n")));
}

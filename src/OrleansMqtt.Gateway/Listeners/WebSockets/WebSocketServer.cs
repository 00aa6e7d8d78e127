using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Gateway.Listeners.WebSockets;

/// <summary>
/// Answers the HTTP requests by which connections become WebSockets (RFC 6455 section 4.2). Kestrel speaks HTTP, over connections that the listener has accepted, and has no part in them
/// any more when the request has been answered.
/// </summary>
internal sealed class WebSocketServer : IConnectionListenerFactory, IConnectionListener, IHttpApplication<IFeatureCollection>
{
    private const string MagicText = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    // mosquitto's clients and some older ones ask for the second.
    private static readonly string[] Subprotocols = ["mqtt", "mqttv3.1"];
    private readonly Channel<ConnectionContext> _requests = Channel.CreateUnbounded<ConnectionContext>();
    private readonly ListenerWebSocketOptions _options;
    private readonly KestrelServer _kestrel;

    public WebSocketServer(ListenerWebSocketOptions options)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Listen(new IPEndPoint(IPAddress.Loopback, 0), static listen => listen.Protocols = HttpProtocols.Http1);
        (_options, _kestrel) = (options, new KestrelServer(Options.Create(kestrel), this, NullLoggerFactory.Instance));
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

    /// <summary>Begins.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _kestrel.StartAsync(this, cancellationToken);

    /// <summary>Makes a WebSocket of a connection. If it does not become one, the client has its answer, and <paramref name="below"/> remains the caller's.</summary>
    /// <exception cref="InvalidDataException">The client asked for something else.</exception>
    public async Task<ConnectionContext> OpenAsync(ConnectionContext below)
    {
        var request = new UpgradeRequest(below);
        await _requests.Writer.WriteAsync(request);
        await request.Answered;
        return request.Refusal is null ? new WebSocketConnection(below) : throw new InvalidDataException(request.Refusal);
    }

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _requests.Reader.WaitToReadAsync(cancellationToken))
            if (_requests.Reader.TryRead(out var request)) return request;
        return null;
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _requests.Writer.TryComplete();
        return default;
    }

    /// <summary>Ends it. To be called when no connection is on its way any more.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _requests.Writer.TryComplete();
        await _kestrel.StopAsync(cancellationToken);
        _kestrel.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;

    /// <inheritdoc/>
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    /// <inheritdoc/>
    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
        // Nothing is held.
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var (request, response) = (context.GetRequiredFeature<IHttpRequestFeature>(), context.GetRequiredFeature<IHttpResponseFeature>());
        if (Check(context, request, out var subprotocol) is { } refusal)
        {
            response.StatusCode = refusal.Status;
            response.Headers.Connection = "close";
            if (refusal.Status == 426) (response.Headers.Upgrade, response.Headers.SecWebSocketVersion) = ("websocket", "13");
            context.GetRequiredFeature<UpgradeRequest>().Refusal = refusal.Reason;
            return;
        }
        response.Headers.Upgrade = "websocket";
        response.Headers.SecWebSocketProtocol = subprotocol;
        response.Headers.SecWebSocketAccept = AnswerTo(request.Headers.SecWebSocketKey.ToString());
        await context.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        context.GetRequiredFeature<UpgradeRequest>().Accept();
    }

    private (int Status, string Reason)? Check(IFeatureCollection context, IHttpRequestFeature request, out string? subprotocol)
    {
        var headers = request.Headers;
        subprotocol = Subprotocols.FirstOrDefault(known => headers.SecWebSocketProtocol.SelectMany(static line => line!.Split(',', StringSplitOptions.TrimEntries)).Contains(known));
        if (request.Path != _options.Path) return (404, "its request has another path");
        if (request.Method != "GET") return (405, "its request is no GET");
        if (context.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } || !headers.Upgrade.Any(static upgrade => "websocket".Equals(upgrade, StringComparison.OrdinalIgnoreCase)))
            return (426, "it asks for no WebSocket");
        if (headers.SecWebSocketVersion != "13") return (426, "it asks for another version of WebSocket");
        if (!IsKey(headers.SecWebSocketKey.ToString())) return (400, "its request has no Sec-WebSocket-Key");
        if (_options.Origins.Count > 0 && headers.Origin.Count > 0 && !_options.Origins.Contains(headers.Origin.ToString(), StringComparer.OrdinalIgnoreCase)) return (403, "its page has another origin");
        return subprotocol is null ? (400, "it does not ask for the subprotocol mqtt") : null; // [MQTT-6.0.0-3]
    }

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[18];
        return key.Length == 24 && Convert.TryFromBase64String(key, bytes, out var count) && count == 16;
    }

#pragma warning disable CA5350 // The protocol has SHA-1 here, and nothing depends on its strength.
    private static string AnswerTo(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + MagicText)));
#pragma warning restore CA5350
}

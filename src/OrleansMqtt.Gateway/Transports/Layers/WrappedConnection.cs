using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using OrleansMqtt.Gateway.Listeners;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Transports.Layers;

/// <summary>A connection that stands on another one, and is in all but its bytes what that one is. It owns it.</summary>
internal abstract class WrappedConnection(ConnectionContext below) : ConnectionContext, IClientProof
{
    /// <inheritdoc/>
    public override string ConnectionId
    {
        get => Below.ConnectionId;
        set => Below.ConnectionId = value;
    }

    /// <inheritdoc/>
    public override IFeatureCollection Features => Below.Features;

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => Below.Items;
        set => Below.Items = value;
    }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint
    {
        get => Below.LocalEndPoint;
        set => Below.LocalEndPoint = value;
    }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint
    {
        get => Below.RemoteEndPoint;
        set => Below.RemoteEndPoint = value;
    }

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed
    {
        get => Below.ConnectionClosed;
        set => Below.ConnectionClosed = value;
    }

    /// <inheritdoc/>
    public virtual X509Certificate2? Certificate => ClientProof.Of(Below)?.Certificate;

    /// <inheritdoc/>
    public PeerCredentials? Peer => ClientProof.Of(Below)?.Peer;

    /// <summary>The connection below.</summary>
    protected ConnectionContext Below { get; } = below;

    /// <inheritdoc/>
    public override void Abort() => Abort(new ConnectionAbortedException());
}

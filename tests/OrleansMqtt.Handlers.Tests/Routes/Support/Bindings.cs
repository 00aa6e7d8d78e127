using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Handlers.Payloads;
using OrleansMqtt.Routes;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Handlers.Tests.Routes.Support;

/// <summary>Binds code without a host, and calls it.</summary>
internal sealed class Bindings : IRouteValues
{
    private readonly Dictionary<string, string> _values = new() { ["room"] = "kitchen", ["id"] = "42", ["guid"] = "0f8fad5b-d9cb-469f-a165-70867728950e", ["day"] = "FRIDAY" };
    private readonly ServiceProvider _services;

    public Bindings(Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        configure?.Invoke(services);
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public string this[string name] => _values[name];

    public string Text { get; set; } = "21.5";

    public ReadOnlyMemory<byte> Payload => Encoding.UTF8.GetBytes(Text);

    public MqttClientInfo? Client { get; } = new("me");

    public CancellationToken Cancellation { get; set; }

    public object Find(Type type) => throw new NotSupportedException();

    public BoundHandler Bind(Delegate code) => Bind(RouteTarget.Of(code), RouteKind.Publish, out var refusal) ?? throw new ArgumentException(refusal);

    public string RefusalOf(Delegate code, RouteKind? kind = null) => RefusalOf(RouteTarget.Of(code), kind);

    public string RefusalOf(RouteTarget target, RouteKind? kind = null)
    {
        Assert.Null(Bind(target, kind ?? RouteKind.Publish, out var refusal));
        return refusal;
    }

    public BoundHandler? Bind(RouteTarget target, RouteKind kind, out string refusal)
    {
        var reasons = new List<string>();
        var bound = new RouteBinder(_services, new PayloadCodecs(_services)).Bind(target, kind, _values.Keys, reasons.Add);
        refusal = string.Join('|', reasons);
        return bound;
    }

    /// <summary>What code returns, as it would be sent; null for nothing.</summary>
    public async Task<string?> CallAsync(Delegate code)
    {
        var bound = Bind(code);
        var call = bound.Invoke(this, out var reason);
        Assert.Null(reason);
        return await call! is { } result ? Encoding.UTF8.GetString(bound.Encode(result).Span) : null;
    }

    public string UnreadableOf(Delegate code)
    {
        Assert.Null(Bind(code).Invoke(this, out var reason));
        return reason!;
    }
}

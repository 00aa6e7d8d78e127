using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Handlers.Payloads;

namespace OrleansMqtt.Routes.Binding;

/// <summary>Mapped code whose parameters are bound: called without reflection.</summary>
internal sealed class BoundHandler
{
    private readonly IServiceProvider _services;
    private readonly PayloadCodecs _codecs;
    private readonly RouteParameter[] _parameters;
    private readonly RouteReturn _return;
    private readonly Func<object?, object?[], object?> _call;
    private readonly Type? _owner;
    private readonly ObjectFactory? _create;
    private readonly bool _needsScope;

    public BoundHandler(RouteTarget target, RouteParameter[] parameters, RouteReturn returned, bool ownerIsService, IServiceProvider services, PayloadCodecs codecs)
    {
        (_parameters, _return, _services, _codecs, _call, _owner) = (parameters, returned, services, codecs, target.Compile(), target.Owner);
        _create = _owner is not null && !ownerIsService ? ActivatorUtilities.CreateFactory(_owner, []) : null;
        _needsScope = _owner is not null || Array.Exists(parameters, static parameter => parameter.IsService);
    }

    /// <summary>The type of its result; null for none.</summary>
    public Type? Result => _return.Result;

    /// <summary>Calls it. Null, and a reason, when what was sent can't be read as its parameters. What it throws at once is in the task.</summary>
    public Task<object?>? Invoke(IRouteValues values, out string? reason)
    {
        var arguments = new object?[_parameters.Length];
        reason = null;
        for (var i = 0; i < arguments.Length; i++)
            if (!_parameters[i].TryRead(values, out arguments[i], out reason)) return null;
        return _needsScope ? CallInScopeAsync(arguments) : CallAsync(null, arguments);
    }

    /// <summary>A result as bytes.</summary>
    public ReadOnlyMemory<byte> Encode(object result) => _codecs.Encode(result, Result!);

    private async Task<object?> CallAsync(object? owner, object?[] arguments) => await _return.Await(_call(owner, arguments));

    private async Task<object?> CallInScopeAsync(object?[] arguments)
    {
        await using var scope = _services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        for (var i = 0; i < arguments.Length; i++)
            if (_parameters[i].IsService) arguments[i] = _parameters[i].Resolve(services);
        if (_create is null) return await CallAsync(_owner is null ? null : services.GetRequiredService(_owner), arguments);
        var owner = _create(services, null);
        try
        {
            return await CallAsync(owner, arguments);
        }
        finally
        {
            if (owner is IAsyncDisposable disposable) await disposable.DisposeAsync();
            else (owner as IDisposable)?.Dispose();
        }
    }
}

using System.Collections.Concurrent;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Authentication;

/// <summary>The authenticators of this process, as its listeners ask them.</summary>
internal sealed class Authenticators
{
    private readonly ConcurrentDictionary<ListenerOptions, AuthenticationChain> _chains = new(ReferenceEqualityComparer.Instance);
    private readonly IReadOnlyList<IAuthenticator> _plain;
    private readonly IReadOnlyList<IEnhancedAuthenticator> _enhanced;
    private readonly AuthenticationOptions _options;

    /// <summary>Checks that the names in the configuration are those of authenticators.</summary>
    /// <exception cref="InvalidOperationException">One is not, or <see cref="AuthenticationOptions.Order"/> leaves one out.</exception>
    public Authenticators(IEnumerable<IAuthenticator> plain, IEnumerable<IEnhancedAuthenticator> enhanced, GatewayOptions options, TimeProvider time)
    {
        _options = options.Authentication;
        _enhanced = [.. enhanced];
        IReadOnlyList<IAuthenticator> registered = [.. plain];
        _plain = _options.Order is { } order ? NameOrder.Sort(registered, static a => a.Name, order, _enhanced.Select(static a => a.Name), "authenticators") : registered;
        foreach (var listener in options.Listeners) Of(listener);
        Bans = new AddressBans(_options.Ban, time);
    }

    /// <summary>Which addresses are banned.</summary>
    public AddressBans Bans { get; }

    /// <summary>Those that a listener asks.</summary>
    public AuthenticationChain Of(ListenerOptions listener) => _chains.GetOrAdd(listener, Make);

    private AuthenticationChain Make(ListenerOptions listener)
    {
        // Unless it is said, only a process that could ask nobody asks nobody.
        var allowAnonymous = listener.AllowAnonymous ?? _options.AllowAnonymous ?? (_plain.Count == 0 && _enhanced.Count == 0);
        if (listener.Authenticators is not { } wanted) return new AuthenticationChain(_plain, _enhanced, allowAnonymous);
        foreach (var name in wanted)
            if (!_plain.Any(a => a.Name == name) && !_enhanced.Any(a => a.Name == name))
                throw new InvalidOperationException($"Listener {listener.Name} asks authenticator \"{name}\", which there is not.");
        // The listener's own order.
        return new AuthenticationChain([.. wanted.SelectMany(name => _plain.Where(a => a.Name == name))], [.. _enhanced.Where(a => wanted.Contains(a.Name))], allowAnonymous);
    }
}

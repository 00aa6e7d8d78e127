using OrleansMqtt.Gateway.Authentication;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Authorization;

/// <summary>Who decides what clients may do. Thread-safe.</summary>
internal sealed class AuthorizationChain : IDisposable
{
    private readonly IReadOnlyList<IAuthorizer> _authorizers;
    private readonly AuthorizationResult _default;
    private int _version;

    private AuthorizationChain(IReadOnlyList<IAuthorizer> authorizers, AuthorizationResult whereNobodyDecides)
    {
        (_authorizers, _default) = (authorizers, whereNobodyDecides);
        foreach (var authorizer in _authorizers) authorizer.Changed += OnChanged;
    }

    /// <summary>The chain of a process; null where everything is allowed, so that nobody is asked at all.</summary>
    /// <exception cref="InvalidOperationException"><see cref="AuthorizationOptions.Order"/> names an authorizer that there is not, or leaves one out.</exception>
    public static AuthorizationChain? Create(IEnumerable<IAuthorizer> authorizers, AuthorizationOptions options)
    {
        IReadOnlyList<IAuthorizer> registered = [.. authorizers];
        var ordered = options.Order is { } order ? NameOrder.Sort(registered, static a => a.Name, order, [], "authorizers") : registered;
        var whereNobodyDecides = options.Default ?? (ordered.Count == 0 ? AuthorizationDefault.Allow : AuthorizationDefault.Deny);
        if (ordered.Count == 0 && whereNobodyDecides == AuthorizationDefault.Allow) return null;
        return new AuthorizationChain(ordered, whereNobodyDecides == AuthorizationDefault.Allow ? AuthorizationResult.Allow : AuthorizationResult.Deny);
    }

    /// <summary>Who is asked, in order.</summary>
    public IReadOnlyList<IAuthorizer> Authorizers => _authorizers;

    /// <summary>Whether what none of them decides is allowed.</summary>
    public bool AllowsByDefault => _default.Decision == AuthorizationDecision.Allow;

    /// <summary>What was decided may be decided otherwise now; <see cref="Version"/> has moved before. Handlers must not block.</summary>
    public event Action? Changed;

    /// <summary>Moves when what was decided before may be decided otherwise.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Decides about a publish or a subscription; never <see cref="AuthorizationDecision.Next"/>. Not on a thread that reads sockets. Fails where an authorizer does.</summary>
    public async ValueTask<AuthorizationResult> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        foreach (var authorizer in _authorizers)
        {
            var result = await authorizer.AuthorizeAsync(request, cancellationToken);
            if (result.Decision != AuthorizationDecision.Next) return result;
        }
        return _default;
    }

    /// <summary>Decides whether a client may have a message. At once. Fails where an authorizer does.</summary>
    public bool MayReceive(in AuthorizationRequest request)
    {
        foreach (var authorizer in _authorizers)
        {
            var result = authorizer.MayReceive(in request);
            if (result.Decision != AuthorizationDecision.Next) return result.Decision != AuthorizationDecision.Deny;
        }
        return _default.Decision != AuthorizationDecision.Deny;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var authorizer in _authorizers) authorizer.Changed -= OnChanged;
    }

    private void OnChanged()
    {
        Interlocked.Increment(ref _version);
        Changed?.Invoke();
    }
}

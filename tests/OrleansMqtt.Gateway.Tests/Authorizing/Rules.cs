using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Authorizing;

/// <summary>An authorizer that says what the test wants, and remembers what it was asked.</summary>
internal sealed class Rules : IAuthorizer
{
    private readonly List<AuthorizationRequest> _requests = [];

    public event Action? Changed;

    public string Name { get; init; } = "rules";

    /// <summary>What it says of publishes and subscriptions.</summary>
    public Func<AuthorizationRequest, AuthorizationResult> Answer { get; set; } = static _ => AuthorizationResult.Allow;

    /// <summary>The same, where it takes a while.</summary>
    public Func<AuthorizationRequest, ValueTask<AuthorizationResult>>? SlowAnswer { get; set; }

    /// <summary>What it says of messages.</summary>
    public Func<AuthorizationRequest, AuthorizationResult> MayReceive { get; set; } = static _ => AuthorizationResult.Next;

    /// <summary>What it was asked about publishes and subscriptions.</summary>
    public IReadOnlyList<AuthorizationRequest> Requests
    {
        get { lock (_requests) return [.. _requests]; }
    }

    /// <summary>How often it was asked about messages.</summary>
    public int Received { get; private set; }

    public void Change() => Changed?.Invoke();

    ValueTask<AuthorizationResult> IAuthorizer.AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        lock (_requests) _requests.Add(request);
        return SlowAnswer?.Invoke(request) ?? new(Answer(request));
    }

    AuthorizationResult IAuthorizer.MayReceive(in AuthorizationRequest request)
    {
        Received++;
        return MayReceive(request);
    }
}

using OrleansMqtt.Security;

namespace OrleansMqtt.Samples.Security;

/// <summary>Gives each user the topics below `users/NAME/`, and everybody those below `public/` to read. Added with <c>services.AddMqttAuthorizer&lt;OwnTopicsAuthorizer&gt;()</c>.</summary>
public sealed class OwnTopicsAuthorizer : IAuthorizer
{
    /// <inheritdoc/>
    public string Name => "own-topics";

    /// <inheritdoc/>
    public ValueTask<AuthorizationResult> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        var isOwn = request.Identity.UserName is { Length: > 0 } user && user.IndexOfAny(['/', '+', '#']) < 0 && request.Topic.StartsWith($"users/{user}/", StringComparison.Ordinal);
        var isPublic = request.Action != TopicAction.Publish && request.Topic.StartsWith("public/", StringComparison.Ordinal);
        // What it does not allow another authorizer may, or the default.
        return new(isOwn || isPublic ? AuthorizationResult.Allow : AuthorizationResult.Next);
    }
}

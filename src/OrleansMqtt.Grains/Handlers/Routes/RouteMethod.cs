using OrleansMqtt.Broker;
using OrleansMqtt.Handlers;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Grains.Handlers.Routes;

/// <summary>Mapped code as the method of a handler.</summary>
internal sealed class RouteMethod(BoundHandler code, IGatewayAccess? clients) : HandlerMethod
{
    /// <inheritdoc/>
    public override Task? Invoke(object grain, TopicContext context, out string? reason)
    {
        var call = code.Invoke(new RouteContext(context, clients), out reason);
        if (call is null || code.Result is null) return call;
        return code.Result == typeof(FilterDecision) ? DecideAsync(call) : AnswerAsync(call, context);
    }

    private static async Task<FilterDecision?> DecideAsync(Task<object?> call) => (FilterDecision?)await call;

    private async Task AnswerAsync(Task<object?> call, TopicContext context)
    {
        if (await call is { } result && context.ResponseTopic is not null) await context.ReplyAsync(code.Encode(result));
    }
}

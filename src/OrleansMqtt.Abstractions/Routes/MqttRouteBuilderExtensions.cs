using System.Reflection;
using OrleansMqtt.Handlers;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Routes;

/// <summary>Maps code on what clients do.</summary>
/// <remarks>
/// <para>
/// Code is a lambda, a method, or methods with attributes. Its parameters are bound by name and type: one with the name of a template's <c>{name}</c> gets what that stands for, as text, enum or anything
/// that can be parsed (<see cref="IParsable{TSelf}"/>: numbers, <see cref="Guid"/>, times, by the invariant culture); <see cref="MqttClientInfo"/> the client; <see cref="CancellationToken"/> what is cancelled when it has taken
/// too long; what is registered as a service, or has <see cref="FromServicesAttribute"/>, that service, of a scope of the call. What else is bound, each method says. A
/// parameter that cannot be bound is refused when the host starts.
/// </para>
/// <para>It never runs on a thread that reads from clients. What it throws is logged and ends no session. It may be called for many clients at a time.</para>
/// </remarks>
public static class MqttRouteBuilderExtensions
{
    private const string Every = "{*topic}";

    /// <summary>
    /// Handles publishes to the topics of a template. It runs in the silo that routes the message, or in the broker that is one process, after the message has been routed, in order for each publisher and topic.
    /// Several handlers of one topic all run.
    /// </summary>
    /// <param name="builder">Where it is mapped.</param>
    /// <param name="template">As <see cref="TopicHandlerAttribute.Template"/>: <c>sensors/{room}/temp</c>, <c>logs/{*rest}</c>; and <c>+</c> and <c>#</c> for levels that need no name.</param>
    /// <param name="handler">
    /// Takes besides an <see cref="IMqttContext"/>, a <see cref="TopicContext"/>, and one payload: the parameter that is nothing else, or has <see cref="PayloadAttribute"/>, read as <see cref="TopicHandlerAttribute"/> says. Returns nothing, a <see cref="Task"/>, or a
    /// value, at once or by a task, that goes to the message's response topic, if it has one and the value is not null; or a <see cref="FilterDecision"/>, which makes it a filter: it has the message before that is routed (<see cref="TopicHandlerAttribute.Filter"/>). A payload or a level that cannot be read makes the message a
    /// dead letter; an exception has it tried again, as with a grain (<see cref="TopicHandlerAttribute"/>).
    /// </param>
    public static PublishRouteBuilder MapPublish(this IMqttRouteBuilder builder, string template, Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(template);
        return builder.MapPublish(new TopicHandlerAttribute(template), handler);
    }

    /// <summary>Handles every publish, but for topics that begin with <c>$</c>. A parameter <c>topic</c> gets the topic. See <see cref="MapPublish(IMqttRouteBuilder, string, Delegate)"/>.</summary>
    /// <param name="builder">Where it is mapped.</param>
    /// <param name="handler">The code.</param>
    public static PublishRouteBuilder MapPublish(this IMqttRouteBuilder builder, Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.MapPublish(new TopicHandlerAttribute(Every) { Name = null }, handler);
    }

    /// <summary>
    /// Handles subscriptions: when one has been granted, and SUBACK is on its way, at the gateway that the client is connected to. Of several handlers of one subscription all run, in the order in which they
    /// were mapped, and the first result that is not null goes to the client. A session that goes on with its subscriptions makes none.
    /// </summary>
    /// <param name="builder">Where it is mapped.</param>
    /// <param name="filterOrTemplate">
    /// Subscriptions with this filter, and with filters that match nothing but what this one matches: <c>sensors/+</c> is for <c>sensors/kitchen</c> too, and for <c>sensors/+</c>, not for <c>sensors/#</c>. <c>{name}</c> is
    /// one level that is no wildcard, <c>{*name}</c>, last, any number of them. Shared subscriptions are matched with <c>$share/</c> and their group.
    /// </param>
    /// <param name="handler">
    /// Takes besides a <see cref="SubscribeContext"/>. What it returns, at once or by a task, goes to this client alone, with the quality of service that was granted, on the topic that it has subscribed to. For a
    /// filter with wildcards there is no such topic, and a result is an error, which is logged: use <see cref="SubscribeContext.SendAsync"/>.
    /// </param>
    public static ClientRouteBuilder MapSubscribe(this IMqttRouteBuilder builder, string filterOrTemplate, Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(filterOrTemplate);
        ArgumentNullException.ThrowIfNull(handler);
        var options = new ClientRouteOptions(filterOrTemplate);
        builder.Routes.AddSubscribe(RouteTarget.Of(handler), options);
        return new ClientRouteBuilder(builder.Routes, options);
    }

    /// <summary>Handles connections: when a client is known and CONNACK is on its way, at the gateway that it is connected to.</summary>
    /// <param name="builder">Where it is mapped.</param>
    /// <param name="handler">Returns nothing, or a <see cref="Task"/>.</param>
    public static ClientRouteBuilder MapConnect(this IMqttRouteBuilder builder, Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(handler);
        var options = new ClientRouteOptions("");
        builder.Routes.AddConnect(RouteTarget.Of(handler), options);
        return new ClientRouteBuilder(builder.Routes, options);
    }

    /// <summary>Maps all methods of an assembly that have <see cref="MapPublishAttribute"/>, <see cref="MapSubscribeAttribute"/> or <see cref="MapConnectAttribute"/>, in the order of their classes' names.</summary>
    /// <param name="builder">Where they are mapped.</param>
    /// <param name="assembly">The assembly.</param>
    public static void MapHandlers(this IMqttRouteBuilder builder, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in assembly.GetTypes().OrderBy(static type => type.FullName, StringComparer.Ordinal)) builder.MapHandlers(type);
    }

    /// <summary>
    /// Maps all methods of a class that have <see cref="MapPublishAttribute"/>, <see cref="MapSubscribeAttribute"/> or <see cref="MapConnectAttribute"/>. For a method that is not static the class is the service of its type, if
    /// that is registered, or made anew for each call, with services for its constructor, and disposed of after it.
    /// </summary>
    /// <param name="builder">Where they are mapped.</param>
    /// <param name="type">The class.</param>
    public static void MapHandlers(this IMqttRouteBuilder builder, Type type)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(type);
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (var method in type.GetMethods(All).OrderBy(static method => method.MetadataToken))
        {
            var name = $"{type.Name}.{method.Name}";
            foreach (var attribute in method.GetCustomAttributes<MapPublishAttribute>())
                builder.Routes.AddPublish(RouteTarget.Of(type, method), attribute.ToOptions(Every), name);
            foreach (var attribute in method.GetCustomAttributes<MapSubscribeAttribute>())
                builder.Routes.AddSubscribe(RouteTarget.Of(type, method), new ClientRouteOptions(attribute.FilterOrTemplate) { Name = attribute.Name, TimeoutSeconds = attribute.TimeoutSeconds });
            if (method.GetCustomAttribute<MapConnectAttribute>() is { } connect)
                builder.Routes.AddConnect(RouteTarget.Of(type, method), new ClientRouteOptions("") { Name = connect.Name ?? name, TimeoutSeconds = connect.TimeoutSeconds });
        }
    }

    private static PublishRouteBuilder MapPublish(this IMqttRouteBuilder builder, TopicHandlerAttribute options, Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        builder.Routes.AddPublish(RouteTarget.Of(handler), options);
        return new PublishRouteBuilder(builder.Routes, options);
    }
}

using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Handlers;
using OrleansMqtt.Handlers.Payloads;

namespace OrleansMqtt.Routes.Binding;

/// <summary>Binds the parameters of mapped code, once, when the host starts.</summary>
internal sealed class RouteBinder(IServiceProvider services, PayloadCodecs codecs)
{
    private readonly IServiceProviderIsService? _registered = services.GetService<IServiceProviderIsService>();

    /// <summary>Binds it; null, and everything refused that is wrong with it.</summary>
    /// <param name="target">The code.</param>
    /// <param name="kind">What it is mapped on.</param>
    /// <param name="names">The names of its template.</param>
    /// <param name="refuse">Takes why it is refused, as the end of a sentence.</param>
    public BoundHandler? Bind(RouteTarget target, RouteKind kind, IReadOnlyCollection<string> names, Action<string> refuse)
    {
        var isRefused = false;
        var method = target.Method;
        if (method.ContainsGenericParameters || method.IsAbstract) Refuse("it has to be a method with a body and without type parameters");
        if (target.Owner is { } owner && (owner.ContainsGenericParameters || owner.IsAbstract || !owner.IsClass)) Refuse($"{owner} is no class of which there can be an instance");
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false)) Refuse("it is async void, so that nobody could wait for it: it has to return Task");
        var returned = isRefused || IsUnsupported(method.ReturnType) ? null : RouteReturn.Of(method.ReturnType);
        if (returned is null && !isRefused) Refuse($"what it returns, {method.ReturnType}, is not supported");
        if (returned?.Result is { } result)
        {
            if (result == typeof(FilterDecision) && kind != RouteKind.Publish) Refuse("it returns a FilterDecision, which is for code that is mapped on publishes");
            else if (!kind.MayAnswer) Refuse("it returns a value, which would go to nobody: it has to return nothing, Task or ValueTask");
            else if (result != typeof(object) && codecs.Of(result) is null) Refuse($"payloads of type {result}, which it returns, are not supported: a class that implements IPayloadCodec of it would make them so");
        }
        var payloads = target.Parameters.Where(parameter => IsPayload(parameter, kind, names)).ToList();
        if (kind.TakesPayload && payloads.Count > 1) Refuse($"its parameters {payloads[0].Name} and {payloads[1].Name} both would be the payload: one has to have the name of a part of the topic, or to be registered as a service");
        var parameters = isRefused ? [] : Array.ConvertAll(target.Parameters, parameter => Bind(parameter, kind, names, Refuse));
        if (isRefused) return null;
        try
        {
            return new BoundHandler(target, parameters!, returned!, target.Owner is { } type && IsRegistered(type), services, codecs);
        }
        catch (InvalidOperationException exception)
        {
            refuse($"its class cannot be made: {exception.Message.TrimEnd('.')}");
            return null;
        }

        void Refuse(string why)
        {
            isRefused = true;
            refuse(why);
        }
    }

    private RouteParameter? Bind(ParameterInfo parameter, RouteKind kind, IReadOnlyCollection<string> names, Action<string> refuse)
    {
        var (type, name) = (parameter.ParameterType, parameter.Name!);
        if (IsUnsupported(type))
        {
            refuse($"its parameter {name} is of type {type}, which is not supported");
            return null;
        }
        if (IsService(parameter))
        {
            var key = parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key;
            if (key is null && !IsRegistered(type)) refuse($"its parameter {name} is to be a service, but {type} is not registered as one");
            return new RouteParameter.Service(type, key);
        }
        if (IsCapture(parameter, names)) return BindName(type, name, refuse);
        if (type == typeof(CancellationToken)) return new RouteParameter.Known(static values => values.Cancellation);
        if (type == typeof(MqttClientInfo)) return new RouteParameter.Known(static values => values.Client);
        if (kind.Contexts.Contains(type)) return new RouteParameter.Known(values => values.Find(type));
        if (!IsPayload(parameter, kind, names)) return new RouteParameter.Service(type, null);
        if (!kind.TakesPayload)
        {
            refuse($"its parameter {name}, of type {type}, is no name of its template, and not registered as a service");
            return null;
        }
        if (codecs.Of(type) is { } codec) return Create(typeof(RouteParameter.Payload<>), type, codec);
        refuse($"its parameter {name} is not registered as a service, and payloads of type {type} are not supported: a class that implements IPayloadCodec of it would make them so");
        return null;
    }

    private static RouteParameter? BindName(Type type, string name, Action<string> refuse)
    {
        var single = Nullable.GetUnderlyingType(type) ?? type;
        if (single == typeof(string)) return new RouteParameter.Known(values => values[name]);
        if (single.IsEnum) return new RouteParameter.Named(name, single);
        if (single.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IParsable<>) && one.GetGenericArguments()[0] == single))
            return Create(typeof(RouteParameter.Parsed<>), single, name);
        refuse($"its parameter {name} is a part of the topic, which cannot be parsed as {type}");
        return null;
    }

    private static RouteParameter Create(Type open, Type type, object argument) => (RouteParameter)Activator.CreateInstance(open.MakeGenericType(type), argument)!;

    private static bool IsService(ParameterInfo parameter) => parameter.IsDefined(typeof(FromServicesAttribute)) || parameter.IsDefined(typeof(FromKeyedServicesAttribute));

    private static bool IsCapture(ParameterInfo parameter, IReadOnlyCollection<string> names) => !parameter.IsDefined(typeof(PayloadAttribute)) && names.Contains(parameter.Name!);

    // What it is when it is nothing else.
    private bool IsPayload(ParameterInfo parameter, RouteKind kind, IReadOnlyCollection<string> names)
    {
        if (parameter.IsDefined(typeof(PayloadAttribute))) return true;
        var type = parameter.ParameterType;
        return !IsService(parameter) && !IsCapture(parameter, names) && type != typeof(CancellationToken) && type != typeof(MqttClientInfo) && !kind.Contexts.Contains(type) && !IsRegistered(type);
    }

    // Of any type there may be several services, so that a list of them is always one.
    private bool IsRegistered(Type type) =>
        !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)) && (_registered?.IsService(type) ?? (!type.IsValueType && type != typeof(string) && services.GetService(type) is not null));

    private static bool IsUnsupported(Type type) => type.IsByRef || type.IsByRefLike || type.IsPointer;
}

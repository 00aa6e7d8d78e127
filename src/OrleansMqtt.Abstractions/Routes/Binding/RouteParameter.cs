using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Handlers;
using OrleansMqtt.Handlers.Payloads;

namespace OrleansMqtt.Routes.Binding;

/// <summary>What one parameter of mapped code is bound to.</summary>
internal abstract class RouteParameter
{
    /// <summary>Whether its value is a service, and comes from the scope of the call.</summary>
    public virtual bool IsService => false;

    /// <summary>Its value; false where what was sent cannot be read as such.</summary>
    public abstract bool TryRead(IRouteValues values, out object? value, out string? reason);

    /// <summary>Its value, of a service.</summary>
    public virtual object? Resolve(IServiceProvider scope) => throw new NotSupportedException();

    /// <summary>Something that is always there.</summary>
    internal sealed class Known(Func<IRouteValues, object?> read) : RouteParameter
    {
        public override bool TryRead(IRouteValues values, out object? value, out string? reason)
        {
            (value, reason) = (read(values), null);
            return true;
        }
    }

    /// <summary>A level of the topic that has to be parsed.</summary>
    internal sealed class Parsed<T>(string name) : RouteParameter
        where T : IParsable<T>
    {
        public override bool TryRead(IRouteValues values, out object? value, out string? reason)
        {
            var isRead = T.TryParse(values[name], CultureInfo.InvariantCulture, out var parsed);
            (value, reason) = (parsed, isRead ? null : Unreadable(name, typeof(T)));
            return isRead;
        }
    }

    /// <summary>A level of the topic that is a name of an enum.</summary>
    internal sealed class Named(string name, Type type) : RouteParameter
    {
        public override bool TryRead(IRouteValues values, out object? value, out string? reason)
        {
            var isRead = Enum.TryParse(type, values[name], ignoreCase: true, out value) && Enum.IsDefined(type, value);
            reason = isRead ? null : Unreadable(name, type);
            return isRead;
        }
    }

    /// <summary>The payload.</summary>
    internal sealed class Payload<T>(IPayloadCodec<T> codec) : RouteParameter
    {
        public override bool TryRead(IRouteValues values, out object? value, out string? reason)
        {
            var isRead = PayloadCodecs.TryRead(codec, values.Payload, out var payload, out reason);
            value = payload;
            return isRead;
        }
    }

    /// <summary>A service.</summary>
    internal sealed class Service(Type type, object? key) : RouteParameter
    {
        public override bool IsService => true;

        public override bool TryRead(IRouteValues values, out object? value, out string? reason)
        {
            (value, reason) = (null, null);
            return true;
        }

        public override object Resolve(IServiceProvider scope) => key is null ? scope.GetRequiredService(type) : scope.GetRequiredKeyedService(type, key);
    }

    private static string Unreadable(string name, Type type) => $"The topic's {{{name}}} is no {type.Name}.";
}

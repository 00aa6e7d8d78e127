using System.Linq.Expressions;
using System.Reflection;

namespace OrleansMqtt.Routes.Binding;

/// <summary>Mapped code: a delegate, or a method of a class.</summary>
internal sealed class RouteTarget
{
    private readonly Delegate? _delegate;

    private RouteTarget(MethodInfo method, ParameterInfo[] parameters, Type? owner, Delegate? code) => (Method, Parameters, Owner, _delegate) = (method, parameters, owner, code);

    public MethodInfo Method { get; }

    public ParameterInfo[] Parameters { get; }

    /// <summary>The class that a call needs an instance of; null for none.</summary>
    public Type? Owner { get; }

    public static RouteTarget Of(Delegate handler)
    {
        var parameters = handler.Method.GetParameters();
        // What a delegate to a static method is bound to is a parameter of the method too.
        return new RouteTarget(handler.Method, parameters[^handler.GetType().GetMethod("Invoke")!.GetParameters().Length..], null, handler);
    }

    public static RouteTarget Of(Type type, MethodInfo method) => new(method, method.GetParameters(), method.IsStatic ? null : type, null);

    /// <summary>Code that calls it with an instance and arguments.</summary>
    public Func<object?, object?[], object?> Compile()
    {
        var (instance, arguments) = (Expression.Parameter(typeof(object)), Expression.Parameter(typeof(object?[])));
        var values = Parameters.Select((parameter, index) => (Expression)Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(index)), parameter.ParameterType));
        Expression call = _delegate is not null
            ? Expression.Invoke(Expression.Constant(_delegate, _delegate.GetType()), values)
            : Expression.Call(Owner is null ? null : Expression.Convert(instance, Owner), Method, values);
        Expression body = Method.ReturnType == typeof(void) ? Expression.Block(call, Expression.Constant(null)) : Expression.Convert(call, typeof(object));
        return Expression.Lambda<Func<object?, object?[], object?>>(body, instance, arguments).Compile();
    }
}

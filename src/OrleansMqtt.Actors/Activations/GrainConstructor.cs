using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Activations;

/// <summary>Compiles the constructor call of a grain class: services, keyed services, the grain's context, persistent state.</summary>
internal static class GrainConstructor
{
    private static readonly MethodInfo GetService = Of(nameof(Service));
    private static readonly MethodInfo GetKeyedService = Of(nameof(KeyedService));
    private static readonly MethodInfo GetTime = Of(nameof(Time));
    private static readonly MethodInfo GetState = Of(nameof(State));

    public static Func<IGrainContext, object> Compile(Type grainClass)
    {
        var constructors = grainClass.GetConstructors();
        var constructor = constructors.FirstOrDefault(candidate => candidate.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(candidate => candidate.GetParameters().Length)
            ?? throw new OrleansConfigurationException($"The grain class {grainClass} has no public constructor.");
        var context = Expression.Parameter(typeof(IGrainContext));
        var arguments = constructor.GetParameters().Select(parameter => Argument(parameter, context));
        return Expression.Lambda<Func<IGrainContext, object>>(Expression.New(constructor, arguments), context).Compile();
    }

    private static Expression Argument(ParameterInfo parameter, ParameterExpression context)
    {
        var type = parameter.ParameterType;
        if (type == typeof(IGrainContext))
        {
            return context;
        }

        if (type == typeof(TimeProvider) && !parameter.IsDefined(typeof(FromKeyedServicesAttribute)))
        {
            return Expression.Call(GetTime, context);
        }

        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
            {
                throw new OrleansConfigurationException(
                    $"Parameter {parameter.Name} of {parameter.Member.DeclaringType} has [PersistentState] but is no IPersistentState.");
            }

            return Expression.Call(
                GetState.MakeGenericMethod(type.GetGenericArguments()), context, Expression.Constant(state, typeof(IPersistentStateConfiguration)));
        }

        return parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed
            ? Expression.Call(GetKeyedService.MakeGenericMethod(type), context, Expression.Constant(keyed.Key, typeof(object)))
            : Expression.Call(GetService.MakeGenericMethod(type), context);
    }

    private static T Service<T>(IGrainContext context)
        where T : notnull => context.ActivationServices.GetRequiredService<T>();

    private static TimeProvider Time(IGrainContext context) => Activation.Of(context).Time;

    private static T KeyedService<T>(IGrainContext context, object? key)
        where T : notnull => context.ActivationServices.GetRequiredKeyedService<T>(key);

    private static IPersistentState<T> State<T>(IGrainContext context, IPersistentStateConfiguration configuration) =>
        context.ActivationServices.GetRequiredService<IPersistentStateFactory>().Create<T>(context, configuration);

    private static MethodInfo Of(string name) =>
        typeof(GrainConstructor).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
}

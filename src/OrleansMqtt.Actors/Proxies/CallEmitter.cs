using System.Reflection;
using System.Reflection.Emit;
using OrleansMqtt.Actors.Calls;

namespace OrleansMqtt.Actors.Proxies;

/// <summary>Emits the call class of an interface method: a field per argument, and the call with these.</summary>
internal static class CallEmitter
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Emits the class and completes <paramref name="shape"/>.</summary>
    public static Type Emit(ProxyAssembly assembly, MethodShape shape)
    {
        var method = shape.Method;
        var parent = BaseOf(method);
        var type = assembly.Module.DefineType(
            assembly.UniqueName($"{shape.InterfaceType.FullName}_{method.Name}_Call"), TypeAttributes.Public | TypeAttributes.Sealed, parent);
        type.DefineDefaultConstructor(MethodAttributes.Public);
        var arguments = method.GetParameters()
            .Select((parameter, i) => type.DefineField($"Argument{i}", parameter.ParameterType, FieldAttributes.Public))
            .ToArray();
        var shapeField = type.DefineField("MethodShape", typeof(MethodShape), FieldAttributes.Public | FieldAttributes.Static);
        EmitShape(type, shapeField);
        EmitInvoke(type, parent, method, arguments);
        var created = type.CreateType();
        created.GetField(shapeField.Name)!.SetValue(null, shape);
        shape.CallType = created;
        shape.Arguments = Array.ConvertAll(arguments, field => created.GetField(field.Name)!);
        return created;
    }

    private static Type BaseOf(MethodInfo method)
    {
        var result = method.ReturnType;
        if (result == typeof(void))
        {
            return typeof(VoidCall);
        }

        if (result == typeof(Task))
        {
            return typeof(TaskCall);
        }

        if (result == typeof(ValueTask))
        {
            return typeof(ValueTaskCall);
        }

        var open = result.IsGenericType ? result.GetGenericTypeDefinition() : null;
        var call = open == typeof(Task<>) ? typeof(TaskCall<>) : open == typeof(ValueTask<>) ? typeof(ValueTaskCall<>) : null;
        return call?.MakeGenericType(result.GetGenericArguments())
            ?? throw new NotSupportedException($"{method.DeclaringType}.{method.Name} returns {result}, not a task.");
    }

    private static void EmitShape(TypeBuilder type, FieldBuilder field)
    {
        var baseGetter = typeof(MethodCall).GetProperty(nameof(MethodCall.Shape))!.GetMethod!;
        var getter = type.DefineMethod(
            baseGetter.Name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, typeof(MethodShape), []);
        var il = getter.GetILGenerator();
        il.Emit(OpCodes.Ldsfld, field);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(getter, baseGetter);
    }

    private static void EmitInvoke(TypeBuilder type, Type parent, MethodInfo method, FieldBuilder[] arguments)
    {
        var name = parent == typeof(ValueTaskCall) ? "InvokeVoid" : "Invoke";
        var baseInvoke = parent.GetMethod(name, Members | BindingFlags.DeclaredOnly)!;
        var invoke = type.DefineMethod(
            name, MethodAttributes.Family | MethodAttributes.Virtual | MethodAttributes.HideBySig, method.ReturnType, [typeof(object)]);
        var il = invoke.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var argument in arguments)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, argument);
        }

        il.Emit(OpCodes.Callvirt, method);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(invoke, baseInvoke);
    }
}

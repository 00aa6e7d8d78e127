using System.Reflection;
using System.Reflection.Emit;
using Orleans.Runtime;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Proxies;

/// <summary>Emits a proxy class for an interface, and a call class for each of its methods.</summary>
internal static class ProxyEmitter
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Type[] ConstructorParameters = [typeof(ReferenceKind), typeof(string), typeof(ICallTarget)];

    public static (Func<ReferenceKind, string, ICallTarget?, GrainReference> Create, IReadOnlyList<MethodShape> Methods) Emit(
        Type interfaceType)
    {
        var assembly = ProxyAssembly.For(interfaceType.Assembly);
        var proxy = assembly.Module.DefineType(
            assembly.UniqueName(interfaceType.FullName + "_Proxy"), TypeAttributes.Public | TypeAttributes.Sealed,
            typeof(GrainReference), [interfaceType]);
        var constructor = EmitConstructor(proxy);
        EmitFactory(proxy, constructor);
        var shapes = new List<MethodShape>();
        foreach (var method in MethodsOf(interfaceType))
        {
            var shape = new MethodShape(interfaceType, method);
            var call = CallEmitter.Emit(assembly, shape);
            EmitMethod(proxy, method, call, shape);
            shapes.Add(shape);
        }

        var type = proxy.CreateType();
        var create = type.GetMethod("Create", Members)!.CreateDelegate<Func<ReferenceKind, string, ICallTarget?, GrainReference>>();
        return (create, shapes);
    }

    /// <summary>
    /// The methods of an interface and of those that it extends. Those that have a default implementation are among them: it is the grain that runs it, not the reference. What only replaces the
    /// default of an inherited method, or helps others, is none of them.
    /// </summary>
    public static IEnumerable<MethodInfo> MethodsOf(Type interfaceType) =>
        interfaceType.GetInterfaces().Append(interfaceType)
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method is { IsVirtual: true, IsFinal: false, IsPrivate: false });

    private static ConstructorBuilder EmitConstructor(TypeBuilder proxy)
    {
        var constructor = proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, ConstructorParameters);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(Members, ConstructorParameters)!);
        il.Emit(OpCodes.Ret);
        return constructor;
    }

    private static void EmitFactory(TypeBuilder proxy, ConstructorBuilder constructor)
    {
        var method = proxy.DefineMethod(
            "Create", MethodAttributes.Public | MethodAttributes.Static, typeof(GrainReference), ConstructorParameters);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>The proxy's method: makes the call object, sets its fields, sends it.</summary>
    private static void EmitMethod(TypeBuilder proxy, MethodInfo method, Type call, MethodShape shape)
    {
        var parameters = Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType);
        var implementation = proxy.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot
            | MethodAttributes.HideBySig,
            method.ReturnType, parameters);
        var il = implementation.GetILGenerator();
        il.Emit(OpCodes.Newobj, call.GetConstructor(Type.EmptyTypes)!);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            il.Emit(OpCodes.Stfld, shape.Arguments[i]);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, call.BaseType!.GetMethod("Send", Members | BindingFlags.DeclaredOnly)!);
        il.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(implementation, method);
    }
}

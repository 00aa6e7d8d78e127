using System.Reflection;
using System.Reflection.Emit;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>Writes the members of an object that was begun.</summary>
internal delegate void FieldsWriter<T>(ref WireWriter writer, ref T value);

/// <summary>Reads the members of an object into <paramref name="value"/>, up to the object's end.</summary>
internal delegate void FieldsReader<T>(ref WireReader reader, ref T value);

/// <summary>
/// Compiles what writes and reads the members of one type. IL, since expression trees cannot set fields that are read-only.
/// </summary>
internal static class FieldsEmitter
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static FieldsWriter<T> Writer<T>(WireMember[] members, Codec[] codecs)
    {
        var method = Define(typeof(WireWriter), typeof(T), "Write");
        var il = method.GetILGenerator();
        var (group, next) = (0, 0u);
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            if (member.Group > group)
            {
                il.Emit(OpCodes.Ldarg_1);
                il.Emit(OpCodes.Ldc_I4, member.Group - group);
                il.Emit(OpCodes.Call, typeof(WireWriter).GetMethod(nameof(WireWriter.NextGroup))!);
                (group, next) = (member.Group, 0);
            }

            var direct = codecs[i].DirectWrite;
            LoadCodec(il, i, direct);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, unchecked((int)(member.Id - next)));
            LoadMember<T>(il, member);
            EmitCall(il, direct, member.Type, nameof(Codec<>.Write));
            next = member.Id + 1;
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<FieldsWriter<T>>(codecs);
    }

    public static FieldsReader<T> Reader<T>(WireMember[] members, Codec[] codecs)
    {
        var method = Define(typeof(WireReader), typeof(T), "Read");
        var il = method.GetILGenerator();
        var cursor = il.DeclareLocal(typeof(FieldCursor));
        var (next, skip, end) = (il.DefineLabel(), il.DefineLabel(), il.DefineLabel());
        il.MarkLabel(next);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloca, cursor);
        il.Emit(OpCodes.Call, typeof(WireReader).GetMethod(nameof(WireReader.NextField))!);
        il.Emit(OpCodes.Brfalse, end);
        var cases = Array.ConvertAll(members, _ => il.DefineLabel());
        foreach (var group in members.Index().GroupBy(member => member.Item.Group))
        {
            var other = il.DefineLabel();
            LoadCursor(il, cursor, nameof(FieldCursor.Group));
            il.Emit(OpCodes.Ldc_I4, group.Key);
            il.Emit(OpCodes.Bne_Un, other);
            EmitSwitch(il, cursor, [.. group.Select(member => (member.Item.Id, cases[member.Index]))], skip);
            il.MarkLabel(other);
        }

        il.MarkLabel(skip);
        il.Emit(OpCodes.Ldarg_1);
        LoadCursor(il, cursor, nameof(FieldCursor.Wire));
        il.Emit(OpCodes.Call, typeof(WireReader).GetMethod(nameof(WireReader.Skip))!);
        il.Emit(OpCodes.Br, next);
        for (var i = 0; i < members.Length; i++)
        {
            il.MarkLabel(cases[i]);
            EmitRead<T>(il, cursor, members[i], codecs[i].DirectRead, i);
            il.Emit(OpCodes.Br, next);
        }

        il.MarkLabel(end);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<FieldsReader<T>>(codecs);
    }

    /// <summary>A constructor call, whoever may see the constructor.</summary>
    public static Func<T> Constructor<T>(ConstructorInfo constructor)
    {
        var method = new DynamicMethod($"Create {typeof(T)}", typeof(T), [], typeof(FieldsEmitter).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<T>>();
    }

    private static DynamicMethod Define(Type stream, Type type, string name) =>
        new($"{name} {type}", typeof(void), [typeof(Codec[]), stream.MakeByRefType(), type.MakeByRefType()], typeof(FieldsEmitter).Module, skipVisibility: true);

    /// <summary>Jumps to the label of the cursor's id: ids are near each other as a rule, so by a table.</summary>
    private static void EmitSwitch(ILGenerator il, LocalBuilder cursor, (uint Id, Label Label)[] cases, Label other)
    {
        var (first, last) = (cases[0].Id, cases[^1].Id);
        if (last - first < 4 * (uint)cases.Length)
        {
            var table = new Label[last - first + 1];
            Array.Fill(table, other);
            foreach (var (id, label) in cases)
            {
                table[id - first] = label;
            }

            LoadCursor(il, cursor, nameof(FieldCursor.Id));
            il.Emit(OpCodes.Ldc_I4, unchecked((int)first));
            il.Emit(OpCodes.Sub);
            il.Emit(OpCodes.Switch, table);
        }
        else
        {
            foreach (var (id, label) in cases)
            {
                LoadCursor(il, cursor, nameof(FieldCursor.Id));
                il.Emit(OpCodes.Ldc_I4, unchecked((int)id));
                il.Emit(OpCodes.Beq, label);
            }
        }

        il.Emit(OpCodes.Br, other);
    }

    private static void EmitRead<T>(ILGenerator il, LocalBuilder cursor, WireMember member, MethodInfo? direct, int index)
    {
        LoadTarget<T>(il);
        LoadCodec(il, index, direct);
        il.Emit(OpCodes.Ldarg_1);
        LoadCursor(il, cursor, nameof(FieldCursor.Wire));
        EmitCall(il, direct, member.Type, nameof(Codec<>.Read));
        if (member.Field is { } field)
        {
            il.Emit(OpCodes.Stfld, field);
        }
        else
        {
            il.Emit(typeof(T).IsValueType ? OpCodes.Call : OpCodes.Callvirt, member.Property!.SetMethod!);
        }
    }

    private static void LoadMember<T>(ILGenerator il, WireMember member)
    {
        LoadTarget<T>(il);
        if (member.Field is { } field)
        {
            il.Emit(OpCodes.Ldfld, field);
        }
        else
        {
            il.Emit(typeof(T).IsValueType ? OpCodes.Call : OpCodes.Callvirt, member.Property!.GetMethod!);
        }
    }

    private static void LoadTarget<T>(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_2);
        if (!typeof(T).IsValueType)
        {
            il.Emit(OpCodes.Ldind_Ref);
        }
    }

    // The codec is not cast: the array was filled with codecs of just these types.
    private static void LoadCodec(ILGenerator il, int index, MethodInfo? direct)
    {
        if (direct is null)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, index);
            il.Emit(OpCodes.Ldelem_Ref);
        }
    }

    private static void EmitCall(ILGenerator il, MethodInfo? direct, Type type, string name)
    {
        if (direct is null)
        {
            il.Emit(OpCodes.Callvirt, typeof(Codec<>).MakeGenericType(type).GetMethod(name)!);
        }
        else
        {
            il.Emit(OpCodes.Call, direct);
        }
    }

    private static void LoadCursor(ILGenerator il, LocalBuilder cursor, string field)
    {
        il.Emit(OpCodes.Ldloca, cursor);
        il.Emit(OpCodes.Ldfld, typeof(FieldCursor).GetField(field, Instance)!);
    }
}

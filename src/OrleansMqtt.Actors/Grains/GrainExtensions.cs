using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;

namespace Orleans;

/// <summary>Identity and references of grains.</summary>
public static class GrainExtensions
{
    /// <summary>The reference to a grain or to what a reference names, with the wished interface.</summary>
    /// <typeparam name="TGrainInterface">The interface.</typeparam>
    /// <param name="grain">A grain (<c>this</c>) or a reference.</param>
    /// <returns>The reference.</returns>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) =>
        (TGrainInterface)AsReference(grain, typeof(TGrainInterface));

    /// <inheritdoc cref="AsReference{TGrainInterface}(IAddressable)"/>
    /// <param name="grain">A grain (<c>this</c>) or a reference.</param>
    /// <param name="interfaceType">The interface.</param>
    public static object AsReference(this IAddressable grain, Type interfaceType)
    {
        ArgumentNullException.ThrowIfNull(grain);
        ArgumentNullException.ThrowIfNull(interfaceType);
        var reference = grain as GrainReference ?? ContextOf(grain).GrainReference;
        return interfaceType.IsInstanceOfType(reference) ? reference : reference.Kind.References.Create(interfaceType, reference.GrainId);
    }

    /// <inheritdoc cref="AsReference{TGrainInterface}(IAddressable)"/>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => AsReference<TGrainInterface>(grain);

    /// <inheritdoc cref="AsReference(IAddressable, Type)"/>
    public static object Cast(this IAddressable grain, Type interfaceType) => AsReference(grain, interfaceType);

    /// <summary>The identity of a grain or of what a reference names.</summary>
    /// <param name="grain">A grain (<c>this</c>) or a reference.</param>
    /// <returns>The identity.</returns>
    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain is GrainReference reference ? reference.GrainId : ContextOf(grain).GrainId;
    }

    /// <summary>The key of a grain with a string key.</summary>
    /// <param name="grain">A grain (<c>this</c>) or a reference.</param>
    /// <returns>The key.</returns>
    public static string GetPrimaryKeyString(this IAddressable grain) => GetGrainId(grain).Key.ToString();

    /// <summary>The key of a grain with an integer key.</summary>
    /// <param name="grain">A grain (<c>this</c>) or a reference.</param>
    /// <returns>The key.</returns>
    /// <exception cref="InvalidOperationException">The key is no integer.</exception>
    public static long GetPrimaryKeyLong(this IAddressable grain)
    {
        var id = GetGrainId(grain);
        return GrainKeys.TryParse(id.Key.ToString(), out long key)
            ? key
            : throw new InvalidOperationException($"The key of {id} is no integer.");
    }

    /// <summary>The key of a grain with a GUID key.</summary>
    /// <param name="grain">A grain (<c>this</c>) or a reference.</param>
    /// <returns>The key.</returns>
    /// <exception cref="InvalidOperationException">The key is no GUID.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain)
    {
        var id = GetGrainId(grain);
        return GrainKeys.TryParse(id.Key.ToString(), out Guid key)
            ? key
            : throw new InvalidOperationException($"The key of {id} is no GUID.");
    }

    private static Activation ContextOf(IAddressable grain) => Activation.Of((grain as IGrainBase)?.GrainContext);
}

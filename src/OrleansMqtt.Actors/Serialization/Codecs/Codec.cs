using System.Reflection;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>Turns values of one type into bytes and back.</summary>
internal abstract class Codec
{
    /// <summary>A static method that does what <see cref="Codec{T}.Write"/> does, for compiled code to call directly; null: there is none.</summary>
    public virtual MethodInfo? DirectWrite => null;

    /// <summary>The same for <see cref="Codec{T}.Read"/>.</summary>
    public virtual MethodInfo? DirectRead => null;
}

/// <inheritdoc/>
internal abstract class Codec<T> : Codec
{
    /// <summary>Writes tag and value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="skipped">Ids between the field before and this one; 0 for what is no field.</param>
    /// <param name="value">The value.</param>
    public abstract void Write(ref WireWriter writer, uint skipped, T value);

    /// <summary>Reads what follows the tag.</summary>
    /// <exception cref="WireFormatException">It is no value of this type.</exception>
    public abstract T Read(ref WireReader reader, WireType wire);
}

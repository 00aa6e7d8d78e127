using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Proxies;

namespace Orleans.Runtime;

/// <summary>
/// The base of the proxies through which grains and observers are called. Two are equal when they name the same grain. A reference
/// remembers where the grain was last; it does not keep the grain active.
/// </summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private readonly ReferenceKind _kind;
    private readonly string _key;
    private ICallTarget? _target;

    internal GrainReference(ReferenceKind kind, string key, ICallTarget? target)
    {
        _kind = kind;
        _key = key;
        _target = target;
    }

    /// <summary>The identity of the grain.</summary>
    public GrainId GrainId => new(_kind.GrainType, IdSpan.Create(_key));

    /// <summary>The full name of the interface that this reference implements.</summary>
    public virtual string InterfaceName => _kind.Interface.FullName ?? _kind.Interface.Name;

    internal ReferenceKind Kind => _kind;

    internal ICallTarget? Target => _target;

    /// <summary>Makes a reference to the same grain with another interface.</summary>
    /// <typeparam name="TGrainInterface">The interface.</typeparam>
    /// <returns>The reference.</returns>
    public virtual TGrainInterface Cast<TGrainInterface>()
        where TGrainInterface : IAddressable =>
        this is TGrainInterface same ? same : (TGrainInterface)(object)_kind.References.Create(typeof(TGrainInterface), GrainId, _target);

    /// <summary>Compares the grains' identities.</summary>
    /// <param name="reference1">One.</param>
    /// <param name="reference2">The other.</param>
    /// <returns>Whether they name the same grain.</returns>
    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) =>
        reference1?.Equals(reference2) ?? reference2 is null;

    /// <summary>Compares the grains' identities.</summary>
    /// <param name="reference1">One.</param>
    /// <param name="reference2">The other.</param>
    /// <returns>Whether they name different grains.</returns>
    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc/>
    public sealed override string ToString() => GrainId.ToString();

    /// <summary>Delivers a call, or makes it fail.</summary>
    internal void Post(Call call)
    {
        if (_target?.TryPost(call) is true)
        {
            return;
        }

        _target = _kind.References.Deliver(GrainId, call);
    }
}

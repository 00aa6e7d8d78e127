namespace OrleansMqtt.Actors.Serialization;

/// <summary>A type cannot be sent.</summary>
/// <param name="reason">Continues a sentence that ends with the type's name.</param>
/// <param name="isWhole">Whether it says all that there is to say also of a type that the type is a part of.</param>
internal sealed class UnsuitableTypeException(string reason, bool isWhole = false) : Exception(reason)
{
    public bool IsWhole => isWhole;

    public string Reason => Message;
}

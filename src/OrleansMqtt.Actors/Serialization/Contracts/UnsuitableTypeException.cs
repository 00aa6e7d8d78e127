namespace OrleansMqtt.Actors.Serialization;

/// <summary>A type cannot be sent.</summary>
/// <param name="reason">Continues a sentence that ends with the type's name.</param>
internal sealed class UnsuitableTypeException(string reason) : Exception(reason)
{
    public string Reason => Message;
}

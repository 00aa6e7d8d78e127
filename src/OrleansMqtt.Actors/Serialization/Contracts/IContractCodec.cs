namespace OrleansMqtt.Actors.Serialization;

/// <summary>The codec of a contract, for who knows only a base class or an interface of it.</summary>
internal interface IContractCodec
{
    /// <summary>Compiles the codec; until then it can only be referred to.</summary>
    /// <exception cref="UnsuitableTypeException">A member cannot be sent.</exception>
    void Compile(CodecCompiler compiler);

    /// <summary>Writes the members of a value, and the object's end.</summary>
    void WriteBody(ref WireWriter writer, object value);

    /// <summary>Makes the value of an object that was entered, and leaves the object.</summary>
    object ReadBody(ref WireReader reader);

    /// <summary>Sets the members of a value that is there, to the end of an object that was entered, and leaves the object.</summary>
    void ReadInto(ref WireReader reader, object value);
}

using System.Collections.Immutable;

namespace OrleansMqtt.Messages;

/// <summary>
/// Publishes on their way to another process, in order, as one piece of bytes: they are neither taken apart nor put together one by one where they only pass through.
/// </summary>
/// <param name="Bytes">Their records, as <see cref="PublishPacker"/> writes and <see cref="PublishUnpacker"/> reads them.</param>
/// <param name="Count">Number of records.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.PackedPublishes")]
public readonly record struct PackedPublishes([property: Id(0)] ImmutableArray<byte> Bytes, [property: Id(1)] int Count);

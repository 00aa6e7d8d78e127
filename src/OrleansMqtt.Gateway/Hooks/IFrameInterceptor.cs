using System.Buffers;

namespace OrleansMqtt.Gateway.Hooks;

/// <summary>
/// Stands between one client and the broker and says what becomes of each packet, as bytes. The calls of one direction come one after the other, in the order of the packets; those of the two directions
/// may come at the same time. They come on the thread pool, never on a thread that reads sockets.
/// </summary>
internal interface IFrameInterceptor
{
    /// <summary>A packet is on its way.</summary>
    /// <param name="direction">Which way.</param>
    /// <param name="frame">The whole packet, fixed header included. It may be kept.</param>
    /// <param name="onward">What goes on in its place: nothing is written if it shall not go on. It need not be packets.</param>
    /// <param name="ended">Canceled when the connection is over; nobody waits for the call any longer.</param>
    /// <returns>Whether the connection goes on. If not it ends behind what has been written, without a further word.</returns>
    ValueTask<bool> OnFrameAsync(PacketDirection direction, ReadOnlyMemory<byte> frame, IBufferWriter<byte> onward, CancellationToken ended);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansMqtt.Gateway.Transports.Epoll;

/// <summary>An array of <c>struct epoll_event</c> (events, then eight bytes of data), which is packed on x86-64 and aligned elsewhere.</summary>
internal static unsafe class EpollEvents
{
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>Bytes from one event to the next.</summary>
    public static readonly int Size = DataOffset + 8;

    public static void Write(byte* at, int events, int fd)
    {
        Unsafe.WriteUnaligned(at, events);
        Unsafe.WriteUnaligned(at + DataOffset, (long)fd);
    }

    public static int Events(byte* array, int index) => Unsafe.ReadUnaligned<int>(array + index * Size);

    public static int Descriptor(byte* array, int index) => (int)Unsafe.ReadUnaligned<long>(array + index * Size + DataOffset);
}

using System.Buffers;
using System.Security.Cryptography;

namespace OrleansMqtt.Security.Hooks;

/// <summary>A growing buffer that overwrites what it leaves behind.</summary>
internal sealed class ErasedBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = new byte[8192];
    private int _length;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var wanted = _length + Math.Max(sizeHint, 1);
        if (wanted > _bytes.Length)
        {
            var larger = new byte[Math.Max(wanted, 2 * _bytes.Length)];
            Written.CopyTo(larger);
            CryptographicOperations.ZeroMemory(_bytes);
            _bytes = larger;
        }
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}

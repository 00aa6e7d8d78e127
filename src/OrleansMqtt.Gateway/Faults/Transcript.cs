using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Faults;

/// <summary>
/// A file with a line for every packet, as curl's MQTT test server writes it (<c>server.input</c>): who sent it, its name, its remaining length and its bytes, the last two as hexadecimal digits. A client's packet stands there without its fixed
/// header, unless that is all of it. The file is opened for each line: whoever runs tests may remove it between two of them. Any thread.
/// </summary>
internal sealed partial class Transcript(string path, string listener, ILogger logger)
{
    private readonly Lock _gate = new();
    private bool _hasFailed;

    /// <summary>A client has sent a packet.</summary>
    public void WriteReceived(FrameHeader header, ReadOnlySpan<byte> frame) =>
        Write(PacketDirection.Received, NameOf(header.Type), header.BodyLength, header.BodyLength > 0 ? frame[header.HeaderLength..] : frame);

    /// <summary>The broker sends something.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="remaining">Its remaining length, as it should be, or as it is announced.</param>
    /// <param name="bytes">What is really sent.</param>
    public void WriteSent(string name, int remaining, ReadOnlySpan<byte> bytes) => Write(PacketDirection.Sent, name, remaining, bytes);

    /// <summary>The name of a packet.</summary>
    public static string NameOf(PacketType type) => type.ToString().ToUpperInvariant();

    private void Write(PacketDirection direction, string name, int remaining, ReadOnlySpan<byte> bytes)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{(direction == PacketDirection.Received ? "client" : "server")} {name} {remaining:x} {Convert.ToHexStringLower(bytes)}\n");
        lock (_gate)
        {
            try
            {
                Append(Encoding.ASCII.GetBytes(line));
                _hasFailed = false;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Once is enough until it works again.
                if (!_hasFailed) LogNotWritten(logger, listener, path, exception.Message);
                _hasFailed = true;
            }
        }
    }

    private void Append(byte[] line)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        // Clients' passwords are in it.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(line);
    }

    [LoggerMessage(322, LogLevel.Warning, "Listener {Listener}: the transcript {File} can't be written, lines are lost: {Reason}")]
    private static partial void LogNotWritten(ILogger logger, string listener, string file, string reason);
}

using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;

namespace OrleansMqtt.Gateway.Faults;

/// <summary>Says for each new connection of a listener what is done wrong on it. What cannot be read leaves the connection without faults.</summary>
internal sealed partial class FaultSource(ListenerFaultOptions options, string listener, ILogger logger)
{
    private readonly Transcript? _transcript = options.Transcript is null ? null : new(options.Transcript, listener, logger);
    private readonly ReadLock? _lock = options.LockFile is null ? null : new(options.LockFile, listener, logger);

    /// <summary>Puts what does wrong onto a connection. What follows runs on the thread pool, never on a thread that reads sockets.</summary>
    /// <param name="transport">The connection to the client.</param>
    /// <param name="remote">Where the client is, for the log.</param>
    /// <param name="limits">The limits of packets as they are at the moment.</param>
    public async Task<ConnectionContext> OpenAsync(ConnectionContext transport, string remote, Func<GatewayLimits> limits)
    {
        // Reading files blocks.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_lock is not null) transport = new LockingConnection(transport, _lock);
        var packets = new PacketConnection(transport, new FaultInjector(Read(remote), _transcript, transport.Transport.Output), limits, logger);
        packets.Start();
        return packets;
    }

    /// <summary>That there are faults at all stands in the log, so that nobody takes the listener for a sound one.</summary>
    public void Announce() => LogInjects(logger, listener, Describe(options.Profile), options.File ?? "none");

    private Misconduct Read(string remote)
    {
        var profile = options.Profile;
        if (options.File is { } file)
        {
            if (!TryRead(file, remote, out var bytes)) return Misconduct.None;
            if (!MqttdConfig.TryParse(Encoding.UTF8.GetString(bytes), ref profile, out var problem))
            {
                LogNotUnderstood(logger, listener, remote, file, problem);
                return Misconduct.None;
            }
        }
        if (profile.TestNumber == 0) return new(profile, null);
        if (TryReadReply(profile.TestNumber, remote) is not { } reply) return Misconduct.None;
        return new(profile, reply);
    }

    private byte[]? TryReadReply(int number, string remote)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{number}");
        if (options.TestFiles is not { } folder)
        {
            LogNotUnderstood(logger, listener, remote, name, "Testnum needs a folder of test files, Faults:TestFiles");
            return null;
        }
        var path = Path.Combine(folder, name);
        if (!TryRead(path, remote, out var bytes)) return null;
        try
        {
            if (TestFile.TryGetPart(bytes, "reply", "data", out var reply)) return reply;
            LogNotUnderstood(logger, listener, remote, path, "it has no part <data> in a section <reply>");
        }
        catch (FormatException exception)
        {
            LogNotUnderstood(logger, listener, remote, path, exception.Message);
        }
        return null;
    }

    private bool TryRead(string path, string remote, out byte[] bytes)
    {
        try
        {
            bytes = File.ReadAllBytes(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotUnderstood(logger, listener, remote, path, exception.Message);
            bytes = [];
            return false;
        }
    }

    private static string Describe(FaultProfile profile)
    {
        (string Name, object Value, bool IsSet)[] faults =
        [
            (nameof(profile.PublishBeforeSubAck), true, profile.PublishBeforeSubAck),
            (nameof(profile.ShortPublish), true, profile.ShortPublish),
            (nameof(profile.ErrorConnAck), profile.ErrorConnAck, profile.ErrorConnAck > 0),
            (nameof(profile.ExcessiveRemaining), true, profile.ExcessiveRemaining),
            (nameof(profile.Version), profile.Version ?? 0, profile.Version is not null),
            (nameof(profile.TestNumber), profile.TestNumber, profile.TestNumber > 0),
            (nameof(profile.ConnAckRemaining), profile.ConnAckRemaining, profile.ConnAckRemaining > 0),
            (nameof(profile.PingRespAsConnAck), true, profile.PingRespAsConnAck),
            (nameof(profile.MalformedDisconnect), true, profile.MalformedDisconnect),
        ];
        var set = faults.Where(static fault => fault.IsSet).Select(static fault => string.Create(CultureInfo.InvariantCulture, $"{fault.Name}={fault.Value}")).ToList();
        return set.Count == 0 ? "none" : string.Join(", ", set);
    }

    [LoggerMessage(320, LogLevel.Warning, "Listener {Listener} is for testing clients: it injects faults. Faults: {Faults}; file: {File}.")]
    private static partial void LogInjects(ILogger logger, string listener, string faults, string file);

    [LoggerMessage(321, LogLevel.Warning, "Listener {Listener}: the connection from {Remote} goes on without faults, for {File} can't be used: {Reason}")]
    private static partial void LogNotUnderstood(ILogger logger, string listener, string remote, string file, string reason);
}

using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>What a listener does wrong, under `Faults`.</summary>
internal static class FaultSettings
{
    private const string Section = "Faults";

    /// <summary>The keys of a listener that belong to it.</summary>
    public static readonly string[] Keys =
    [
        .. new[]
        {
            nameof(FaultProfile.PublishBeforeSubAck), nameof(FaultProfile.ShortPublish), nameof(FaultProfile.ErrorConnAck), nameof(FaultProfile.ExcessiveRemaining), nameof(FaultProfile.Version), nameof(FaultProfile.TestNumber),
            nameof(FaultProfile.ConnAckRemaining), nameof(FaultProfile.PingRespAsConnAck), nameof(FaultProfile.MalformedDisconnect),
            nameof(ListenerFaultOptions.File), nameof(ListenerFaultOptions.TestFiles), nameof(ListenerFaultOptions.Transcript), nameof(ListenerFaultOptions.LockFile),
        }.Select(static name => $"{Section}:{name}"),
    ];

    /// <summary>Reads it; null where nothing is to be done wrong and nothing written down.</summary>
    public static ListenerFaultOptions? Read(ListenerKeys keys)
    {
        var fallback = new FaultProfile();
        var folder = Get(nameof(ListenerFaultOptions.TestFiles));
        var number = Get(nameof(FaultProfile.TestNumber));
        var options = new ListenerFaultOptions
        {
            Profile = new FaultProfile
            {
                PublishBeforeSubAck = Get(nameof(FaultProfile.PublishBeforeSubAck)).Flag(fallback.PublishBeforeSubAck),
                ShortPublish = Get(nameof(FaultProfile.ShortPublish)).Flag(fallback.ShortPublish),
                ErrorConnAck = Get(nameof(FaultProfile.ErrorConnAck)).Whole(byte.MinValue, byte.MaxValue, fallback.ErrorConnAck),
                ExcessiveRemaining = Get(nameof(FaultProfile.ExcessiveRemaining)).Flag(fallback.ExcessiveRemaining),
                Version = Get(nameof(FaultProfile.Version)).Parse(TryParseLevel, "3, 4 or 5", fallback.Version),
                TestNumber = number.Whole(0, int.MaxValue, fallback.TestNumber),
                ConnAckRemaining = Get(nameof(FaultProfile.ConnAckRemaining)).Whole(byte.MinValue, byte.MaxValue, fallback.ConnAckRemaining),
                PingRespAsConnAck = Get(nameof(FaultProfile.PingRespAsConnAck)).Flag(fallback.PingRespAsConnAck),
                MalformedDisconnect = Get(nameof(FaultProfile.MalformedDisconnect)).Flag(fallback.MalformedDisconnect),
            },
            // It may be written later: it is read at each connection.
            File = TextOf(Get(nameof(ListenerFaultOptions.File))),
            TestFiles = folder.UsableFile(static path => Directory.Exists(path) ? null : "it is no folder"),
            Transcript = Get(nameof(ListenerFaultOptions.Transcript)).UsableFile(FindMissingFolder),
            LockFile = Get(nameof(ListenerFaultOptions.LockFile)).UsableFile(FindMissingFolder),
        };
        if (options is { Profile.TestNumber: > 0, TestFiles: null }) keys.Reader.Report($"{number.Key} is \"{number.Text}\", but {folder.Key} names no folder of test files; allowed is to set it too.");
        return options == new ListenerFaultOptions() ? null : options;

        Setting Get(string key) => keys.Get($"{Section}:{key}");
    }

    private static string? FindMissingFolder(string path) => Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))) ? null : "its folder is not there";

    private static string? TextOf(Setting setting) => string.IsNullOrEmpty(setting.Text) ? null : setting.Text;

    private static bool TryParseLevel(string text, out byte? level)
    {
        level = text switch { "3" => 3, "4" => 4, "5" => 5, _ => null };
        return level is not null;
    }
}

using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Curl;

/// <summary>curl, which not everywhere is built with MQTT.</summary>
internal static class CurlProgram
{
    /// <summary>Skips a test where there is no curl that speaks MQTT.</summary>
    public static async Task RequireMqttAsync(string program = "curl")
    {
        if (!Path.IsPathRooted(program)) Tool.Require(program);
        var version = await ExternalProcess.RunAsync(program, ["--version"]);
        Assert.SkipUnless(version.Output.Any(line => line.Split(' ').Contains("mqtt")), "this curl is built without MQTT");
    }
}

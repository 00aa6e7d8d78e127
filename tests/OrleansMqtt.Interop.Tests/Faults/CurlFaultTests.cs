using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Interop.Tests.Curl;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Faults;

/// <summary>
/// curl meets a broker that does what curl's own test server does: the cases are this project's, in the format of curl's tests. <see cref="FolderVariable"/> names a folder with curl's, tests/data of its
/// repository, which are run too; <see cref="ProgramVariable"/> another curl than the one on the PATH.
/// </summary>
public sealed class CurlFaultTests(FaultyBroker broker) : IClassFixture<FaultyBroker>
{
    private const string FolderVariable = "ORLEANSMQTT_CURL_TESTS";
    private const string ProgramVariable = "ORLEANSMQTT_CURL";
    private static readonly string OwnFolder = Path.Combine(AppContext.BaseDirectory, "curl");

    private static string Program => Environment.GetEnvironmentVariable(ProgramVariable) is { Length: > 0 } program ? program : "curl";

    public static TheoryData<string> Cases => [.. TestsIn(OwnFolder).Select(static file => Path.GetFileName(file)), .. Curls];

    private static IEnumerable<string> Curls => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? TestsIn(folder).Where(static file => new CurlCase(file).IsForMqtt) : [];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Curl_sees_and_sends_what_the_case_says(string file)
    {
        InteropTarget.SkipIfForeign();
        await CurlProgram.RequireMqttAsync(Program);
        var test = new CurlCase(Path.Combine(OwnFolder, file), ("HOSTIP", broker.Address.Host), ("MQTTPORT", broker.Address.PortText), ("LOGDIR", broker.Folder));
        test.WriteTo(broker.Folder);
        broker.Configure(test.ServerCommand);

        var result = await ExternalProcess.RunAsync("sh", ["-c", $"exec {Program} -q -sS {test.Command}"]);

        if (test.Protocol is { } protocol)
        {
            var transcript = await broker.ReadTranscriptAsync(protocol.Count);
            Assert.True(protocol.SequenceEqual(test.Strip(transcript)), $"expected\n{string.Join('\n', protocol)}\nbut it was\n{string.Join('\n', test.Strip(transcript))}\n{result.Transcript}");
        }
        result.ShouldExitWith(test.ErrorCode);
    }

    [Fact]
    public void The_start_line_says_that_there_are_faults()
    {
        InteropTarget.SkipIfForeign();
        Assert.Contains(" (tcp, injects faults);", broker.StartLine, StringComparison.Ordinal);
    }

    private static IEnumerable<string> TestsIn(string folder) => Directory.EnumerateFiles(folder, "test*").Order(StringComparer.Ordinal);
}

using System.Globalization;
using System.Text.RegularExpressions;
using OrleansMqtt.Hosting.Gateways;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Cli.Tests.Harness;

/// <summary>The gateway host, in this process, on a free port.</summary>
public sealed partial class GatewayFixture : IAsyncLifetime
{
    private static readonly string[] Transports = ["tcp", "tls", "ws", "wss"];

    private readonly CancellationTokenSource _stop = new();
    private readonly TestAuthority _authority = new();
    private Task<int> _run = Task.FromResult(0);

    public int Port { get; private set; }

    /// <summary>Ports by transport: tcp, tls, ws and wss.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; private set; } = null!;

    /// <summary>Who has issued the certificates.</summary>
    public string AuthorityFile => _authority.CaFile;

    public async ValueTask InitializeAsync()
    {
        var (output, error) = (new FirstLineWriter(), new StringWriter());
        var (_, certificate, key) = _authority.IssueServer();
        var tls = (string[])["tls", "wss"];
        _run = GatewayHost.RunAsync(
            [
                "--Http:Bind=none",
                .. Transports.SelectMany(static transport => (string[])[$"--Listeners:{transport}:Bind=127.0.0.1:0", $"--Listeners:{transport}:Transport={transport}"]),
                .. tls.SelectMany(transport => (string[])[$"--Listeners:{transport}:CertificateFile={certificate}", $"--Listeners:{transport}:KeyFile={key}"]),
            ],
            output, error, _stop.Token);
        Assert.True(await Task.WhenAny(output.FirstLine, _run) != _run, error.ToString());
        Ports = ListenerInLine.Matches(await output.FirstLine).ToDictionary(static m => m.Groups["name"].Value, static m => int.Parse(m.Groups["port"].Value, CultureInfo.InvariantCulture));
        Port = Ports["tcp"];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        _authority.Dispose();
    }

    [GeneratedRegex(@"(?<name>\w+) \w+://127\.0\.0\.1:(?<port>\d+)")]
    private static partial Regex ListenerInLine { get; }

    private sealed class FirstLineWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstLine => _firstLine.Task;

        public override Task WriteLineAsync(string? value)
        {
            _firstLine.TrySetResult(value ?? "");
            return Task.CompletedTask;
        }
    }
}

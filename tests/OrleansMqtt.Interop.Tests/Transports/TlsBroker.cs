using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Interop.Tests.Transports;

/// <summary>A gateway process with a certificate for localhost and 127.0.0.1 of an authority of its own.</summary>
internal sealed class TlsBroker : IAsyncDisposable
{
    private readonly GatewayProcess _process;

    private TlsBroker(GatewayProcess process, TestAuthority authority) => (_process, Authority) = (process, authority);

    public TestAuthority Authority { get; }

    public BrokerAddress Address => _process.Address;

    /// <summary>Starts it.</summary>
    /// <param name="transport">Transport of its only listener.</param>
    /// <param name="settings">Further settings, made with the authority at hand.</param>
    public static async Task<TlsBroker> StartAsync(string transport, Func<TestAuthority, IEnumerable<string>>? settings = null)
    {
        InteropTarget.SkipIfForeign();
        var authority = new TestAuthority();
        var (_, certificate, key) = authority.IssueServer();
        var process = await GatewayProcess.StartAsync(
            [.. GatewayProcess.Embedded, $"--Listeners:default:Transport={transport}", $"--Listeners:default:CertificateFile={certificate}", $"--Listeners:default:KeyFile={key}", .. settings?.Invoke(authority) ?? []]);
        return new TlsBroker(process, authority);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Authority.Dispose();
    }
}

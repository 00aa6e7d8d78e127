using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Listeners.Tls;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Listeners.Tls;

public sealed class WatchedCertificatesTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CollectedLog _log = new();
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task New_connections_get_a_new_certificate_and_those_that_are_open_stay()
    {
        var (_, certificate, key) = _authority.IssueServer("before", "server");
        await using var broker = await TestBroker.StartAsync(listener: Listener(certificate, key));
        await using var before = await broker.OpenTlsAsync();
        var client = TlsClients.Client(before);
        await client.SendAsync(new Protocol.Packets.ConnectPacket { ClientId = "client", CleanStart = true });
        await client.ReceiveAsync<Protocol.Packets.ConnAckPacket>();

        _authority.IssueServer("after", "server");
        broker.Time.Advance(WatchedCertificates.Period);

        await using var after = await broker.OpenTlsAsync();
        Assert.Equal(("CN=before", "CN=after"), (before.RemoteCertificate!.Subject, after.RemoteCertificate!.Subject));
        await client.ExpectNothingAsync();
    }

    [Fact]
    public void Nothing_is_read_anew_while_nothing_has_changed()
    {
        using var watched = Watch("server");
        var current = watched.Current;
        _time.Advance(10 * WatchedCertificates.Period);
        Assert.Same(current, watched.Current);
    }

    [Fact]
    public void A_pair_that_does_not_fit_keeps_the_former_one_with_one_warning_until_it_fits()
    {
        using var watched = Watch("server");
        var (current, other) = (watched.Current, _authority.IssueServer("other"));
        File.Copy(other.CertificateFile, _authority.Path("server.crt"), overwrite: true);
        _time.Advance(10 * WatchedCertificates.Period);
        Assert.Same(current, watched.Current);
        Assert.Single(_log.Of(LogLevel.Warning), static line => line.Contains("do not fit"));

        File.Copy(other.KeyFile, _authority.Path("server.key"), overwrite: true);
        _time.Advance(WatchedCertificates.Period);
        Assert.NotSame(current, watched.Current);
    }

    [Fact]
    public void A_certificate_that_is_written_a_moment_before_its_key_is_no_reason_to_warn()
    {
        using var watched = Watch("server");
        var (current, other) = (watched.Current, _authority.IssueServer("other"));
        File.Copy(other.CertificateFile, _authority.Path("server.crt"), overwrite: true);
        _time.Advance(WatchedCertificates.Period);
        File.Copy(other.KeyFile, _authority.Path("server.key"), overwrite: true);
        _time.Advance(WatchedCertificates.Period);
        Assert.NotSame(current, watched.Current);
        Assert.DoesNotContain(_log.Of(LogLevel.Warning), static line => line.Contains("do not fit"));
    }

    [Fact]
    public void A_file_that_is_gone_keeps_the_former_ones()
    {
        using var watched = Watch("server");
        var current = watched.Current;
        File.Delete(_authority.Path("server.key"));
        _time.Advance(3 * WatchedCertificates.Period);
        Assert.Same(current, watched.Current);
        Assert.Single(_log.Of(LogLevel.Warning), line => line.Contains(_authority.Path("server.key")));
    }

    [Fact]
    public void A_directory_may_be_exchanged_by_its_symbolic_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "symbolic links need rights on Windows");
        var (first, second) = (_authority.Folder.CreateSubdirectory("first"), _authority.Folder.CreateSubdirectory("second"));
        foreach (var folder in (DirectoryInfo[])[first, second])
        {
            var (_, certificate, key) = _authority.IssueServer(folder.Name);
            File.Move(certificate, Path.Combine(folder.FullName, "tls.crt"));
            File.Move(key, Path.Combine(folder.FullName, "tls.key"));
        }
        // As Kubernetes has it: the files are links into a directory that is itself a link.
        Directory.CreateSymbolicLink(_authority.Path("data"), first.FullName);
        foreach (var file in (string[])["tls.crt", "tls.key"]) File.CreateSymbolicLink(_authority.Path(file), Path.Combine("data", file));
        using var watched = new WatchedCertificates(Listener(_authority.Path("tls.crt"), _authority.Path("tls.key")), _time, _log);
        var current = watched.Current;

        Directory.Delete(_authority.Path("data"));
        Directory.CreateSymbolicLink(_authority.Path("data"), second.FullName);
        _time.Advance(WatchedCertificates.Period);
        Assert.NotSame(current, watched.Current);
    }

    [Fact]
    public void An_end_that_comes_near_is_warned_of_once_a_day_and_measured()
    {
        var end = _time.GetUtcNow() + TimeSpan.FromDays(15);
        var (_, certificate, key) = _authority.IssueServer("server", end: end);
        using var watched = new WatchedCertificates(Listener(certificate, key), _time, _log);
        Assert.Equal(15 * 86_400, watched.Remaining().Single().Seconds, tolerance: 2);
        Assert.Empty(_log.Of(LogLevel.Warning));
        for (var day = 0; day < 3; day++) _time.Leap(TimeSpan.FromDays(1) + WatchedCertificates.Period);
        _time.Advance(10 * WatchedCertificates.Period);
        Assert.Equal(3, _log.Of(LogLevel.Warning).Count(static line => line.Contains("ends at")));
    }

    [Fact]
    public async Task The_time_that_is_left_is_an_instrument()
    {
        var (_, certificate, key) = _authority.IssueServer();
        await using var broker = await TestBroker.StartAsync(listener: Listener(certificate, key));
        var seen = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = static (instrument, listener) => { if (instrument.Name == "orleansmqtt.certificate.remaining") listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            lock (seen) seen.Add($"{tags[0].Value}");
        });
        listener.Start();
        listener.RecordObservableInstruments();
        lock (seen) Assert.Contains("default", seen);
    }

    [Fact]
    public void A_list_of_revoked_certificates_that_is_out_of_date_is_warned_of()
    {
        var (_, certificate, key) = _authority.IssueServer();
        var options = new ListenerTlsOptions { CertificateFile = certificate, KeyFile = key, ClientCaFile = _authority.CaFile, CrlFile = _authority.WriteCrl(nextUpdate: _time.GetUtcNow() - TimeSpan.FromDays(1)) };
        using var watched = new WatchedCertificates(new ListenerOptions { Transport = ListenerTransport.Tls, Tls = options }, _time, _log);
        Assert.Contains(_log.Of(LogLevel.Warning), static line => line.Contains("list of revoked certificates"));
    }

    private WatchedCertificates Watch(string name)
    {
        var (_, certificate, key) = _authority.IssueServer(name, end: _time.GetUtcNow().AddYears(1));
        return new WatchedCertificates(Listener(certificate, key), _time, _log);
    }

    private static ListenerOptions Listener(string certificate, string key) =>
        new() { Transport = ListenerTransport.Tls, Tls = new ListenerTlsOptions { CertificateFile = certificate, KeyFile = key } };
}

using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Gateway.Listeners.Tls;

/// <summary>
/// A listener's certificates, read again when their files change. All of them are exchanged together, for handshakes that begin from then on; connections stay. While they do not fit
/// together the former ones hold.
/// </summary>
internal sealed partial class WatchedCertificates : IDisposable
{
    /// <summary>How often the files are looked at.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>How long before its end a certificate is warned of, once a day.</summary>
    internal static readonly TimeSpan WarnBefore = TimeSpan.FromDays(14);

    private static readonly TimeSpan WarnAgain = TimeSpan.FromDays(1);
    private readonly ListenerOptions _listener;
    private readonly ListenerTlsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private volatile ServerCertificates _current;
    private CertificateContents _seen;
    private DateTimeOffset _warnAt;
    private bool _isMisfit;

    /// <summary>Reads them.</summary>
    /// <exception cref="CertificateException">A file is missing, or does not fit.</exception>
    public WatchedCertificates(ListenerOptions listener, TimeProvider time, ILogger logger)
    {
        (_listener, _options, _time, _logger) = (listener, listener.Tls!, time, logger);
        _seen = CertificateContents.Read(_options);
        _current = ServerCertificates.Load(_options, _seen);
        WarnOfEnds();
        _timer = time.CreateTimer(static watched => ((WatchedCertificates)watched!).Look(), this, Period, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Those that hold now.</summary>
    public ServerCertificates Current => _current;

    /// <summary>How long each certificate holds, seconds, by its host name; negative when it is over.</summary>
    public IEnumerable<(string Host, double Seconds)> Remaining()
    {
        var now = _time.GetUtcNow();
        return _current.Ends.Select(certificate => (certificate.Host, (certificate.End - now).TotalSeconds));
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        try
        {
            var contents = CertificateContents.Read(_options);
            if (!contents.Equals(_seen)) TryExchange(contents, isSettled: false);
            // One more look before a warning: certificate and key can hardly be written at the same moment.
            else if (_isMisfit) TryExchange(contents, isSettled: true);
            if (_time.GetUtcNow() >= _warnAt) WarnOfEnds();
        }
        finally
        {
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    private void TryExchange(CertificateContents contents, bool isSettled)
    {
        _seen = contents;
        _isMisfit = false;
        try
        {
            _current = ServerCertificates.Load(_options, contents);
            LogExchanged(_logger, _listener.Name);
            WarnOfEnds();
        }
        catch (CertificateException exception)
        {
            _isMisfit = !isSettled;
            if (isSettled) LogMisfit(_logger, _listener.Name, exception.Message);
        }
    }

    private void WarnOfEnds()
    {
        var now = _time.GetUtcNow();
        _warnAt = now + WarnAgain;
        foreach (var (host, end) in _current.Ends)
            if (end - now < WarnBefore) LogEnding(_logger, _listener.Name, host.Length == 0 ? "all hosts" : host, end);
        if (_current.NextRevocation < now) LogOldRevocations(_logger, _listener.Name, _current.NextRevocation.Value);
    }

    [LoggerMessage(310, LogLevel.Information, "Listener {Listener}: its certificates have changed; new connections get the new ones.")]
    private static partial void LogExchanged(ILogger logger, string listener);

    [LoggerMessage(311, LogLevel.Warning, "Listener {Listener}: its certificates have changed, but do not fit; the former ones hold. {Problem}")]
    private static partial void LogMisfit(ILogger logger, string listener, string problem);

    [LoggerMessage(312, LogLevel.Warning, "Listener {Listener}: the certificate of {Host} ends at {End:u}.")]
    private static partial void LogEnding(ILogger logger, string listener, string host, DateTimeOffset end);

    [LoggerMessage(313, LogLevel.Warning, "Listener {Listener}: its list of revoked certificates was to be followed by another one at {Next:u}; it goes on to hold.")]
    private static partial void LogOldRevocations(ILogger logger, string listener, DateTimeOffset next);
}

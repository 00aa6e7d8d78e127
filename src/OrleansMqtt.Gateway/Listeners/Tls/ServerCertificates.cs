using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Gateway.Listeners.Tls;

/// <summary>All that a listener's handshakes go by, as it was read at one time. Immutable.</summary>
internal sealed class ServerCertificates
{
    private readonly SslStreamCertificateContext _certificate;
    private readonly Dictionary<string, SslStreamCertificateContext> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ClientAuthorities? _clients;
    private readonly SslProtocols _protocols;

    private ServerCertificates(ListenerTlsOptions options, CertificateContents contents)
    {
        _certificate = Read(contents, "");
        foreach (var host in options.Certificates.Keys) _hosts[host] = Read(contents, $"{nameof(options.Certificates)}:{host}:");
        if (options.ClientCaFile is not null) _clients = ClientAuthorities.Read(options, contents);
        _protocols = options.MinimumTls == MinimumTls.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;
    }

    /// <summary>Makes them of the files.</summary>
    /// <exception cref="CertificateException">One is missing, or does not fit.</exception>
    public static ServerCertificates Load(ListenerTlsOptions options, CertificateContents contents) => new(options, contents);

    /// <summary>When each certificate ends, by its host name; "" is the one of all other hosts.</summary>
    public IEnumerable<(string Host, DateTimeOffset End)> Ends => _hosts.Select(static host => (host.Key, EndOf(host.Value))).Prepend(("", EndOf(_certificate)));

    /// <summary>Since when there should be a newer list of revoked certificates; null where there is none, or it does not say.</summary>
    public DateTimeOffset? NextRevocation => _clients?.NextRevocation;

    /// <summary>What a QUIC connection goes by, whose client has named its host.</summary>
    public SslServerAuthenticationOptions OptionsFor(string host, RemoteCertificateValidationCallback verify) => new()
    {
        ServerCertificateContext = Find(host),
        EnabledSslProtocols = _protocols,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        ClientCertificateRequired = _clients is not null,
        CertificateChainPolicy = _clients?.NewPolicy(),
        RemoteCertificateValidationCallback = _clients is null ? null : verify,
    };

    /// <summary>Does the handshake.</summary>
    /// <exception cref="AuthenticationException">The client can't be agreed with, or has not proved who it is.</exception>
    public async Task AuthenticateAsync(SslStream tls)
    {
        string? refusal = null;
        try
        {
            await tls.AuthenticateAsServerAsync((_, hello, _, _) => new(OptionsFor(hello.ServerName, Verify)), state: null);
        }
        catch (AuthenticationException exception) when (refusal is not null)
        {
            throw new AuthenticationException(refusal, exception);
        }

        bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => (refusal = Refuse(certificate, chain, errors)) is null;
    }

    /// <summary>Why a client is turned away; null when it is not.</summary>
    public string? Refuse(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => _clients?.Refuse(certificate, chain, errors);

    private static SslStreamCertificateContext Read(CertificateContents contents, string prefix)
    {
        const string form = "a file with a certificate in PEM", keyForm = "a file with the private key, in PEM and without a password, of the certificate beside it";
        var (certificateKey, keyKey) = ($"{prefix}{nameof(CertificateFiles.CertificateFile)}", $"{prefix}{nameof(CertificateFiles.KeyFile)}");
        var (pem, keyPem) = (contents.Text(certificateKey, form), contents.Text(keyKey, keyForm));
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(pem);
            if (all.Count == 0) throw contents.Misfit(certificateKey, form);
        }
        catch (CryptographicException exception)
        {
            throw contents.Misfit(certificateKey, form, exception);
        }
        try
        {
            var own = X509Certificate2.CreateFromPem(pem, keyPem);
            all.RemoveAt(0);
            return SslStreamCertificateContext.Create(own, all, offline: true);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw contents.Misfit(keyKey, keyForm, exception);
        }
    }

    private static DateTimeOffset EndOf(SslStreamCertificateContext context) => context.TargetCertificate.NotAfter;

    private SslStreamCertificateContext Find(string host)
    {
        if (_hosts.Count == 0 || host.Length == 0) return _certificate;
        if (_hosts.TryGetValue(host, out var own)) return own;
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _hosts.TryGetValue($"*{host[dot..]}", out var wild) ? wild : _certificate;
    }
}

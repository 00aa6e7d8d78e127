using OrleansMqtt.Gateway.Listeners.Tls;

namespace OrleansMqtt.Gateway.Hosting;

/// <summary>The certificates of an encrypted listener. All files are read again when they change.</summary>
public sealed record ListenerTlsOptions
{
    /// <summary>The listener's certificate, in PEM, with the certificates of its issuers behind it where clients may lack them.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>The certificate's private key, in PEM, without a password.</summary>
    public required string KeyFile { get; init; }

    /// <summary>Certificates for clients that ask for a host by name (SNI); the name may begin with `*.` for one label.</summary>
    public IReadOnlyDictionary<string, CertificateFiles> Certificates { get; init; } = new Dictionary<string, CertificateFiles>();

    /// <summary>Who issues clients' certificates, one or more in PEM; null: clients are not asked for any. The machine's own trust does not count.</summary>
    public string? ClientCaFile { get; init; }

    /// <summary>Lists of revoked certificates of these issuers, in PEM or DER; null: none is revoked.</summary>
    public string? CrlFile { get; init; }

    /// <summary>Whether a client without a certificate is turned away. One that has a certificate proves it either way.</summary>
    public bool RequireClientCertificate { get; init; } = true;

    /// <summary>Oldest version of TLS that clients may speak.</summary>
    public MinimumTls MinimumTls { get; init; } = MinimumTls.Tls12;

    /// <summary>Reads all files once.</summary>
    /// <exception cref="CertificateException">One is missing, or does not fit.</exception>
    public void Check() => ServerCertificates.Load(this, CertificateContents.Read(this));
}

/// <summary>A certificate and its private key.</summary>
/// <param name="CertificateFile">The certificate, in PEM.</param>
/// <param name="KeyFile">Its key, in PEM.</param>
public sealed record CertificateFiles(string CertificateFile, string KeyFile);

/// <summary>Versions of TLS.</summary>
public enum MinimumTls
{
    /// <summary>1.2 and 1.3.</summary>
    Tls12,

    /// <summary>1.3 alone.</summary>
    Tls13,
}

using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Gateway.Listeners.Tls;

/// <summary>Whose certificates clients may show, and which of these are revoked.</summary>
internal sealed class ClientAuthorities
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private readonly X509Certificate2Collection _authorities;
    private readonly IReadOnlyList<RevocationList> _revoked;
    private readonly bool _isRequired;

    private ClientAuthorities(X509Certificate2Collection authorities, IReadOnlyList<RevocationList> revoked, bool isRequired) => (_authorities, _revoked, _isRequired) = (authorities, revoked, isRequired);

    /// <summary>Since when there should be a newer list of revoked certificates; null where there is none, or it does not say.</summary>
    public DateTimeOffset? NextRevocation => _revoked.Min(static list => list.NextUpdate);

    /// <summary>Makes them of the files.</summary>
    /// <exception cref="CertificateException">One is missing, or does not fit.</exception>
    public static ClientAuthorities Read(ListenerTlsOptions options, CertificateContents contents)
    {
        var authorities = ReadAuthorities(contents);
        return new(authorities, options.CrlFile is null ? [] : ReadRevoked(contents, authorities), options.RequireClientCertificate);
    }

    /// <summary>How a client's certificate is checked: nothing is asked of the network, and the machine's own trust does not count.</summary>
    public X509ChainPolicy NewPolicy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(_authorities);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }

    /// <summary>Why a client is turned away; null when it is not.</summary>
    public string? Refuse(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null) return _isRequired ? "it has no certificate" : null;
        if (errors != SslPolicyErrors.None || chain is null)
            return $"its certificate is not accepted: {(chain is null ? errors.ToString() : string.Join(", ", chain.ChainStatus.Select(static status => status.Status)))}";
        var elements = chain.ChainElements;
        for (var i = 0; i + 1 < elements.Count; i++)
            if (_revoked.Any(list => list.Revokes(elements[i].Certificate, elements[i + 1].Certificate))) return "its certificate is revoked";
        return null;
    }

    private static X509Certificate2Collection ReadAuthorities(CertificateContents contents)
    {
        const string key = nameof(ListenerTlsOptions.ClientCaFile), form = "a file with one or more certificates in PEM";
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(contents.Text(key, form));
        }
        catch (CryptographicException exception)
        {
            throw contents.Misfit(key, form, exception);
        }
        return authorities.Count > 0 ? authorities : throw contents.Misfit(key, form);
    }

    private static List<RevocationList> ReadRevoked(CertificateContents contents, X509Certificate2Collection authorities)
    {
        const string key = nameof(ListenerTlsOptions.CrlFile), form = "a file with lists of revoked certificates, in PEM or DER, each signed by an authority in ClientCaFile";
        try
        {
            return RevocationList.ReadAll(contents.Bytes(key, form), authorities);
        }
        catch (Exception exception) when (exception is CryptographicException or System.Formats.Asn1.AsnContentException)
        {
            throw contents.Misfit(key, form, exception);
        }
    }
}

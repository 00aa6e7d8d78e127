using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>The certificates by which the processes of a cluster know each other.</summary>
/// <param name="Certificate">This process' own, with its private key.</param>
/// <param name="Authorities">Who issues them.</param>
/// <param name="ServerName">The name that silos' certificates bear; null: their address.</param>
internal sealed record ClusterTls(X509Certificate2 Certificate, X509Certificate2Collection Authorities, string? ServerName)
{
    /// <summary>Reads it; null where there is none.</summary>
    public static ClusterTls? Read(SettingsReader reader)
    {
        var (certificate, key, authorities) = (reader.Get("Cluster:CertificateFile"), reader.Get("Cluster:KeyFile"), reader.Get("Cluster:CaFile"));
        var name = reader.Get("Cluster:ServerName").Text is { Length: > 0 } text ? text : null;
        Setting[] files = [certificate, key, authorities];
        if (files.All(static file => string.IsNullOrEmpty(file.Text))) return null;
        foreach (var file in files)
            if (string.IsNullOrEmpty(file.Text))
            {
                reader.Report($"{file.Key} is empty; allowed is to set {certificate.Key}, {key.Key} and {authorities.Key} together, or none of them.");
                return null;
            }
        var own = certificate.Parse<X509Certificate2?>((string path, out X509Certificate2? read) => TryRead(() => X509Certificate2.CreateFromPemFile(path, key.Text), out read),
            $"a file with a certificate in PEM whose private key is in {key.Key}", null);
        var issuers = authorities.Parse<X509Certificate2Collection?>((string path, out X509Certificate2Collection? read) => TryRead(() => ReadAll(path), out read),
            "a file with one or more certificates in PEM", null);
        return own is null || issuers is null ? null : new ClusterTls(own, issuers, name);
    }

    private static X509Certificate2Collection ReadAll(string path)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(path);
        return all.Count > 0 ? all : throw new CryptographicException("There is none.");
    }

    private static bool TryRead<T>(Func<T> read, out T? value)
        where T : class
    {
        try
        {
            value = read();
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            value = null;
            return false;
        }
    }
}

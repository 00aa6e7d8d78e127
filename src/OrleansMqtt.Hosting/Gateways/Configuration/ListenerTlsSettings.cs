using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>The certificates of a listener. The files are read here once, so that what is missing or does not fit is told before anything starts.</summary>
internal static class ListenerTlsSettings
{
    /// <summary>Reads them; null where something is wrong, which the reader then has.</summary>
    public static ListenerTlsOptions? Read(ListenerKeys keys, ListenerTransport transport)
    {
        var (certificate, key, authorities, revoked) = (keys.Get("CertificateFile"), keys.Get("KeyFile"), keys.Get("ClientCaFile"), keys.Get("CrlFile"));
        foreach (var needed in (Setting[])[certificate, key])
            if (string.IsNullOrEmpty(needed.Text))
            {
                keys.Reader.Report($"{needed.Key} is empty, which Transport {transport.ToString().ToLowerInvariant()} needs; allowed is {certificate.Key} and {key.Key} together.");
                return null;
            }
        var isRequired = keys.Get("RequireClientCertificate");
        if (string.IsNullOrEmpty(authorities.Text))
            foreach (var useless in (Setting[])[revoked, isRequired])
                if (useless.Text is { Length: > 0 } && !useless.Text.Equals("false", StringComparison.OrdinalIgnoreCase))
                {
                    keys.Reader.Report($"{useless.Key} is \"{useless.Text}\", but {authorities.Key} names no authority; allowed is to set it too.");
                    return null;
                }
        var options = new ListenerTlsOptions
        {
            CertificateFile = certificate.Text!,
            KeyFile = key.Text!,
            Certificates = ReadHosts(keys),
            ClientCaFile = TextOf(authorities),
            CrlFile = TextOf(revoked),
            RequireClientCertificate = isRequired.Flag(true),
            MinimumTls = keys.Get("MinimumTls").Parse<MinimumTls>(TryParseVersion, "1.2 or 1.3", MinimumTls.Tls12),
        };
        return Check(keys, options) ? options : null;
    }

    private static bool Check(ListenerKeys keys, ListenerTlsOptions options)
    {
        try
        {
            options.Check();
            return true;
        }
        catch (CertificateException exception)
        {
            var key = exception.Key.StartsWith("Certificates:", StringComparison.Ordinal) ? $"{keys.CertificateHosts().Section}{exception.Key["Certificates".Length..]}" : keys.Get(exception.Key).Key;
            keys.Reader.Report($"{key} is \"{exception.File}\"; allowed is {exception.Allowed}.");
            return false;
        }
    }

    private static Dictionary<string, CertificateFiles> ReadHosts(ListenerKeys keys)
    {
        var (section, hosts) = keys.CertificateHosts();
        var files = new Dictionary<string, CertificateFiles>(StringComparer.OrdinalIgnoreCase);
        foreach (var host in hosts)
        {
            var (certificate, key) = (keys.Reader.Get($"{section}:{host}:CertificateFile"), keys.Reader.Get($"{section}:{host}:KeyFile"));
            if (string.IsNullOrEmpty(certificate.Text) || string.IsNullOrEmpty(key.Text)) keys.Reader.Report($"{section}:{host} has one file alone; allowed is {certificate.Key} and {key.Key} together.");
            else files[host] = new CertificateFiles(certificate.Text, key.Text);
        }
        return files;
    }

    private static string? TextOf(Setting setting) => string.IsNullOrEmpty(setting.Text) ? null : setting.Text;

    private static bool TryParseVersion(string text, out MinimumTls version)
    {
        version = text == "1.3" ? MinimumTls.Tls13 : MinimumTls.Tls12;
        return text is "1.2" or "1.3";
    }
}

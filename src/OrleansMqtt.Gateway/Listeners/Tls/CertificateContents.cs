using System.Text;
using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Gateway.Listeners.Tls;

/// <summary>
/// What stands in all files of a listener's certificates at one time. Contents are compared, not the files' times: a directory that is exchanged by a symbolic link changes nothing else.
/// </summary>
internal sealed class CertificateContents
{
    // By the key of the setting.
    private readonly SortedDictionary<string, (string File, byte[]? Bytes, Exception? Failure)> _files = new(StringComparer.Ordinal);

    private CertificateContents()
    {
    }

    /// <summary>Reads them; a file that can't be read is told when somebody asks for it.</summary>
    public static CertificateContents Read(ListenerTlsOptions options)
    {
        var contents = new CertificateContents();
        contents.Add(nameof(options.CertificateFile), options.CertificateFile);
        contents.Add(nameof(options.KeyFile), options.KeyFile);
        foreach (var (host, files) in options.Certificates)
        {
            contents.Add($"{nameof(options.Certificates)}:{host}:{nameof(files.CertificateFile)}", files.CertificateFile);
            contents.Add($"{nameof(options.Certificates)}:{host}:{nameof(files.KeyFile)}", files.KeyFile);
        }
        if (options.ClientCaFile is { } authorities) contents.Add(nameof(options.ClientCaFile), authorities);
        if (options.CrlFile is { } revoked) contents.Add(nameof(options.CrlFile), revoked);
        return contents;
    }

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="CertificateException">It could not be read.</exception>
    public byte[] Bytes(string key, string allowed)
    {
        var (file, bytes, failure) = _files[key];
        return bytes ?? throw new CertificateException(key, file, allowed, failure);
    }

    /// <summary>The text of a file.</summary>
    /// <exception cref="CertificateException">It could not be read.</exception>
    public string Text(string key, string allowed) => Encoding.UTF8.GetString(Bytes(key, allowed));

    /// <summary>That a file does not fit.</summary>
    public CertificateException Misfit(string key, string allowed, Exception? cause = null) => new(key, _files[key].File, allowed, cause);

    /// <summary>Whether the files say the same.</summary>
    public bool Equals(CertificateContents other) =>
        _files.Count == other._files.Count && _files.All(file => other._files.TryGetValue(file.Key, out var its) && file.Value.Bytes.AsSpan().SequenceEqual(its.Bytes) && file.Value.Bytes is null == its.Bytes is null);

    private void Add(string key, string file)
    {
        try
        {
            _files[key] = (file, File.ReadAllBytes(file), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            _files[key] = (file, null, exception);
        }
    }
}

namespace OrleansMqtt.Gateway.Hosting;

/// <summary>A file of a listener's certificates is missing or does not fit to the others.</summary>
/// <param name="key">The setting that names it: <c>CertificateFile</c>, <c>Certificates:example.org:KeyFile</c>.</param>
/// <param name="file">The file.</param>
/// <param name="allowed">What it must be, in words.</param>
/// <param name="cause">What went wrong with it.</param>
public sealed class CertificateException(string key, string file, string allowed, Exception? cause = null) : Exception($"{key} is \"{file}\"; allowed is {allowed}.", cause)
{
    /// <summary>The setting that names the file.</summary>
    public string Key => key;

    /// <summary>The file.</summary>
    public string File => file;

    /// <summary>What it must be, in words.</summary>
    public string Allowed => allowed;
}

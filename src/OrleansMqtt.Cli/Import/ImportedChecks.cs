namespace OrleansMqtt.Cli.Import;

/// <summary>Takes over who may come in, and what clients may do.</summary>
/// <param name="settings">Where to.</param>
/// <param name="global">What holds for all listeners.</param>
/// <param name="listeners">All listeners, with their names.</param>
/// <param name="isPerListener">Whether each listener has checks of its own.</param>
internal sealed class ImportedChecks(ImportedSettings settings, IReadOnlyDictionary<string, MosquittoLine> global, IReadOnlyList<MosquittoListener> listeners, bool isPerListener)
{
    private const string Names = "Authentication:Certificate:UserName";

    private bool _areNamed;

    /// <summary>Takes them over.</summary>
    public void Take()
    {
        var isLocal = listeners is [{ IsLocal: true }];
        if (!isPerListener) settings.Set("Authentication:AllowAnonymous", Flag(global.GetValueOrDefault("allow_anonymous"), isLocal));
        var password = TakeFile("password_file", "Authentication:PasswordFile", "the password file is one for all listeners here, and the first one is taken over");
        TakeFile("acl_file", "Authorization:AclFile", "the access list is one for all listeners here, and the first one is taken over");
        if (isPerListener && Lines("acl_file").Any() && listeners.Any(static listener => listener.Find("acl_file") is null))
            settings.Note(Lines("acl_file").First(), "holds for the listeners that have none in mosquitto too");
        foreach (var listener in listeners) TakeListener(listener, password);
    }

    private void TakeListener(MosquittoListener listener, string? password)
    {
        var byCertificate = TakeCertificateName(listener);
        if (isPerListener) settings.Set($"Listeners:{listener.Name}:AllowAnonymous", Flag(listener.Find("allow_anonymous"), listener.IsLocal));
        // Mosquitto does not look at the password file where certificates name the user.
        var hasPassword = password is not null && !byCertificate && (!isPerListener || listener.Find("password_file") is not null);
        var isPlain = password is null || hasPassword;
        if (byCertificate) settings.Set($"Listeners:{listener.Name}:Authenticators", "certificate");
        else if (!isPlain || listeners.Any(IsByCertificate)) settings.Set($"Listeners:{listener.Name}:Authenticators", hasPassword ? "password" : "");
    }

    private bool TakeCertificateName(MosquittoListener listener)
    {
        if (!IsByCertificate(listener)) return false;
        var (option, name) = listener.IsOn("use_identity_as_username") ? ("use_identity_as_username", "CommonName") : ("use_subject_as_username", "Subject");
        if (!_areNamed) settings.Set(Names, name);
        else if (listeners.First(IsByCertificate).IsOn("use_identity_as_username") != (name == "CommonName"))
            settings.Note(listener.Find(option)!, $"what of a certificate is the user name is one for all listeners here: {Names} is that of the first");
        _areNamed = true;
        return true;
    }

    private string? TakeFile(string option, string key, string others)
    {
        var lines = Lines(option).ToList();
        if (lines.Count == 0) return null;
        settings.Set(key, lines[0].Value);
        foreach (var other in lines.Skip(1))
            if (other.Value != lines[0].Value) settings.Note(other, others);
        return lines[0].Value;
    }

    private IEnumerable<MosquittoLine> Lines(string option) =>
        isPerListener ? listeners.Select(listener => listener.Find(option)).OfType<MosquittoLine>() : global.TryGetValue(option, out var line) ? [line] : [];

    private bool Flag(MosquittoLine? line, bool fallback)
    {
        if (line is null) return fallback;
        if (MosquittoValue.Flag(line) is { } flag) return flag;
        settings.Note(line, "is neither true nor false; nobody without a name is let in");
        return false;
    }

    private static bool IsByCertificate(MosquittoListener listener) =>
        listener.Find("certfile") is not null && listener.IsOn("require_certificate") && (listener.IsOn("use_identity_as_username") || listener.IsOn("use_subject_as_username"));
}

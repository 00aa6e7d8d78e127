using System.Diagnostics.CodeAnalysis;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Security.Hosting;
using OrleansMqtt.Security.Tokens;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>The `Authentication:Jwt` section.</summary>
internal static class JwtSettings
{
    private const string Section = "Authentication:Jwt";
    private const int MostSkewSeconds = 3600;
    private static readonly string[] KeyFiles = ["SecretFile", "PublicKeyFile", "JwksFile"];
    private static readonly JwtKeyForm[] Forms = [JwtKeyForm.Secret, JwtKeyForm.PublicKey, JwtKeyForm.KeySet];

    /// <summary>Reads it; null where no file of keys is named, and nothing else.</summary>
    public static JwtOptions? Read(SettingsReader reader)
    {
        var files = Array.ConvertAll(KeyFiles, key => reader.Get($"{Section}:{key}"));
        var named = Array.FindAll(files, static file => file.Text is { Length: > 0 });
        if (named.Length > 1) reader.Report($"{named[1].Key} is set, but {named[0].Key} names the keys already; allowed is one of {string.Join(", ", KeyFiles)}.");
        var form = named.Length == 0 ? JwtKeyForm.KeySet : Forms[Array.IndexOf(files, named[0])];
        // Read even where nothing verifies them, so that these keys are known and checked.
        var others = ReadOthers(reader, form, named.Length == 0 ? "" : named[0].Text!);
        if (named.Length == 0)
        {
            if (reader.NamesUnder(Section).FirstOrDefault(static name => !KeyFiles.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } lone)
                reader.Report($"{Section}:{lone} is set, but no keys that verify tokens; allowed is with one of {string.Join(", ", KeyFiles)} beside it.");
            return null;
        }
        return named[0].UsableFile(_ => AuthenticationFiles.FindProblemInKeys(others)) is null ? null : others;
    }

    private static JwtOptions ReadOthers(SettingsReader reader, JwtKeyForm form, string file)
    {
        var known = JwtAlgorithms.Of(form);
        string[] usual = form == JwtKeyForm.Secret ? ["HS256"] : ["RS256", "ES256"];
        var options = new JwtOptions(file, form)
        {
            Algorithms = Get("Algorithms").Parse<string[]>((string text, [MaybeNullWhen(false)] out string[] names) => TrySplit(text, known.Contains, out names), $"one or more of {string.Join(", ", known)}", usual),
            Issuers = List("Issuer"),
            Audiences = List("Audience"),
            RequireExpiry = Get("RequireExpiry").Flag(true),
        };
        return options with
        {
            ClockSkew = TimeSpan.FromSeconds(Get("ClockSkewSeconds").Whole(0, MostSkewSeconds, (int)options.ClockSkew.TotalSeconds)),
            UserClaim = Claim("UserClaim") ?? options.UserClaim,
            ClientIdClaim = Claim("ClientIdClaim"),
            PermissionsClaim = Claim("PermissionsClaim") ?? options.PermissionsClaim,
        };

        Setting Get(string key) => reader.Get($"{Section}:{key}");
        string[] List(string key) => Get(key).Parse<string[]>((string text, [MaybeNullWhen(false)] out string[] names) => TrySplit(text, static _ => true, out names), "a list with commas between its members", []);
        string? Claim(string key) => Get(key).Text is { Length: > 0 } text ? text : null;
    }

    // An empty text is refused: taken as not set it would let everybody in.
    private static bool TrySplit(string text, Predicate<string> isAllowed, [MaybeNullWhen(false)] out string[] names)
    {
        names = text.Split(',', StringSplitOptions.TrimEntries);
        return names.All(name => name.Length > 0 && isAllowed(name));
    }
}

namespace OrleansMqtt.Security.Scram;

/// <summary>A client-first-message: <c>n,,n=user,r=nonce</c> (RFC 5802 section 7).</summary>
/// <param name="Header">The GS2 header, to its second comma; comes again in the last message.</param>
/// <param name="Bare">What is behind it; is signed.</param>
/// <param name="User">Who the client says it is.</param>
/// <param name="Nonce">The client's part of the nonce.</param>
internal sealed record ClientFirstMessage(string Header, string Bare, string User, string Nonce)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is none, or asks for what is not there: the message says what.</exception>
    public static ClientFirstMessage Parse(string text)
    {
        if (text.Split(',', 3) is not [var binding, var authorization, var bare]) throw new FormatException("a first message without its header");
        // "y": the client would bind to the channel, and thinks that the broker can't; so it is (RFC 5802 section 6).
        if (binding.StartsWith("p=", StringComparison.Ordinal)) throw new FormatException("channel binding is asked for, which is not supported");
        if (binding is not ("n" or "y")) throw new FormatException("a first message without a word on channel binding");
        var fields = bare.Split(',');
        if (fields[0].StartsWith("m=", StringComparison.Ordinal)) throw new FormatException("an extension is asked for, which is not supported");
        if (fields is not [['n', '=', .. var name], ['r', '=', .. var nonce], ..] || TryUnescape(name) is not { } user || !IsNonce(nonce)) throw new FormatException("a first message without user and nonce");
        var isOwn = authorization.Length == 0 || (authorization.StartsWith("a=", StringComparison.Ordinal) && TryUnescape(authorization[2..]) == user);
        return isOwn ? new ClientFirstMessage($"{binding},{authorization},", bare, user, nonce) : throw new FormatException("the rights of another user are asked for");
    }

    // A saslname: comma and equals sign are written =2C and =3D.
    private static string? TryUnescape(string name)
    {
        var rest = name.Replace("=2C", "", StringComparison.Ordinal).Replace("=3D", "", StringComparison.Ordinal);
        return name.Length > 0 && !rest.Contains('=', StringComparison.Ordinal) && !rest.Contains('\0', StringComparison.Ordinal)
            ? name.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal)
            : null;
    }

    private static bool IsNonce(string nonce) => nonce.Length > 0 && nonce.All(static c => c is >= '!' and <= '~');
}

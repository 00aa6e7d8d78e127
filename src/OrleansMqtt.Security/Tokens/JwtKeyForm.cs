namespace OrleansMqtt.Security.Tokens;

/// <summary>What stands in a file of keys.</summary>
public enum JwtKeyForm
{
    /// <summary>A secret that is shared with who issues the tokens, as it is; one line end after it is left out.</summary>
    Secret,

    /// <summary>One or more public keys or certificates in PEM.</summary>
    PublicKey,

    /// <summary>A JSON Web Key Set (RFC 7517).</summary>
    KeySet,
}

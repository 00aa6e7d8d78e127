namespace OrleansMqtt.Security.Certificates;

/// <summary>What of a client's certificate names the client.</summary>
public enum CertificateName
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The first common name of the subject.</summary>
    CommonName,

    /// <summary>The whole subject, its most special part first: <c>CN=pump-7, OU=Plant, O=Example</c>.</summary>
    Subject,

    /// <summary>The first DNS name of the subject alternative names.</summary>
    Dns,

    /// <summary>The first mail address of the subject alternative names.</summary>
    Email,

    /// <summary>The first URI of the subject alternative names.</summary>
    Uri,
}

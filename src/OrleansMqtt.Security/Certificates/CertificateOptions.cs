namespace OrleansMqtt.Security.Certificates;

/// <summary>What clients' certificates say of them. One of the two at least should name something.</summary>
public sealed record CertificateOptions
{
    /// <summary>What becomes the user name, whatever user the client names itself.</summary>
    public CertificateName UserName { get; init; } = CertificateName.CommonName;

    /// <summary>What the client identifier must be; a client without one gets it.</summary>
    public CertificateName ClientId { get; init; }
}

namespace OrleansMqtt.Security.Acl;

/// <summary>What a rule of an access list is about.</summary>
[Flags]
internal enum AclAccess
{
    /// <summary>Nothing is allowed, whatever other rules say.</summary>
    Deny = 0,

    /// <summary>To subscribe and receive.</summary>
    Read = 1,

    /// <summary>To publish.</summary>
    Write = 2,

    /// <summary>Both.</summary>
    ReadWrite = Read | Write,
}

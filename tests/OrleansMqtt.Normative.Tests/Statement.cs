namespace OrleansMqtt.Normative.Tests;

/// <summary>A numbered sentence of a specification with MUST in it.</summary>
/// <param name="Version">"5.0" or "3.1.1".</param>
/// <param name="Id">Its number without brackets.</param>
internal sealed record Statement(string Version, string Id)
{
    public override string ToString() => $"{Version} {Id}";
}

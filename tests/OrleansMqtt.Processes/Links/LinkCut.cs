namespace OrleansMqtt.Processes.Links;

/// <summary>How a link fails.</summary>
internal enum LinkCut
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Nothing passes, and nobody is told; what was sent meanwhile comes when the link is healed, as TCP repeats it.</summary>
    Stall,

    /// <summary>Connections are reset, and new ones too.</summary>
    Reset,
}

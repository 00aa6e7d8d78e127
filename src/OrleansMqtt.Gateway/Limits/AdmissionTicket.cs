namespace OrleansMqtt.Gateway.Limits;

/// <summary>A CONNECT's place in the line of <see cref="ConnectAdmission"/>.</summary>
internal sealed class AdmissionTicket
{
    /// <summary>Of whoever need not wait.</summary>
    public static readonly AdmissionTicket Admitted = Of(true);

    /// <summary>Of whoever finds no place in the line.</summary>
    public static readonly AdmissionTicket Refused = Of(false);

    private readonly TaskCompletionSource<bool> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True when it is its turn; false when it has been given up or refused.</summary>
    public Task<bool> Outcome => _outcome.Task;

    /// <summary>It is its turn. Returns whether it was still waiting.</summary>
    public bool TryAdmit() => _outcome.TrySetResult(true);

    /// <summary>Waits no longer. Returns whether it was still waiting. Any thread.</summary>
    public bool TryGiveUp() => _outcome.TrySetResult(false);

    private static AdmissionTicket Of(bool outcome)
    {
        var ticket = new AdmissionTicket();
        ticket._outcome.SetResult(outcome);
        return ticket;
    }
}

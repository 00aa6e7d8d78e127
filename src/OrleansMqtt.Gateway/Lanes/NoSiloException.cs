namespace OrleansMqtt.Gateway.Lanes;

/// <summary>No silo has taken a lane's messages for longer than its grace time. Whether one of them has been routed is not known.</summary>
internal sealed class NoSiloException : IOException
{
    public NoSiloException(Exception? innerException) : base("No silo takes messages.", innerException)
    {
    }
}

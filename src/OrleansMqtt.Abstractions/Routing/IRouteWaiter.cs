namespace OrleansMqtt.Routing;

/// <summary>Who is told what receivers in another process have found for a message, whatever the thread.</summary>
internal interface IRouteWaiter
{
    /// <summary>The gateway that was asked has answered.</summary>
    /// <param name="index">The number by which the waiter knows the message.</param>
    /// <param name="receivers">How many receivers it has found, 0 or more.</param>
    void OnFound(int index, int receivers);
}

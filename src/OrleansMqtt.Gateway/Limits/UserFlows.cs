namespace OrleansMqtt.Gateway.Limits;

/// <summary>What users have used of their rates, shared by the connections that each has at this gateway. Who has none is forgotten.</summary>
internal sealed class UserFlows(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, UserFlow> _users = [];

    /// <summary>How many users have connections.</summary>
    public int Count
    {
        get { lock (_lock) return _users.Count; }
    }

    /// <summary>One connection more of a user; to be followed by <see cref="Leave"/>.</summary>
    public UserFlow Enter(string user)
    {
        lock (_lock)
        {
            if (!_users.TryGetValue(user, out var flow)) _users[user] = flow = new UserFlow(user, time);
            flow.Connections++;
            return flow;
        }
    }

    /// <summary>One connection less.</summary>
    public void Leave(UserFlow flow)
    {
        lock (_lock)
            if (--flow.Connections == 0) _users.Remove(flow.User);
    }
}

/// <summary>One user's both ways.</summary>
internal sealed class UserFlow(string user, TimeProvider time)
{
    /// <summary>Name of the user.</summary>
    public string User => user;

    /// <summary>What the user sends.</summary>
    public Flow In { get; } = new(time);

    /// <summary>What the user gets.</summary>
    public Flow Out { get; } = new(time);

    /// <summary>Connections of the user. Under the table's lock.</summary>
    internal int Connections { get; set; }
}

namespace OrleansMqtt.Actors.Networking.Frames;

/// <summary>What a frame is. The values are on the wire.</summary>
internal enum FrameKind : byte
{
    /// <summary>A call that is answered by exactly one of the three kinds of answer, with the same correlation number.</summary>
    Request = 1,

    /// <summary>A call without answer.</summary>
    OneWay = 2,

    /// <summary>The answer: a result.</summary>
    Response = 3,

    /// <summary>The answer: the call failed.</summary>
    Failure = 4,

    /// <summary>The answer: the callee is not the owner, the call was not made.</summary>
    Rejection = 5,

    /// <summary>Asks for a <see cref="Pong"/>; no body.</summary>
    Ping = 6,

    /// <summary>The answer to <see cref="Ping"/>; no body.</summary>
    Pong = 7,

    /// <summary>No request and no one-way frame follows from this side; no body. It is answered with the same.</summary>
    Goodbye = 8,
}

internal static class FrameKinds
{
    public static bool IsAnswer(this FrameKind kind) => kind is FrameKind.Response or FrameKind.Failure or FrameKind.Rejection;

    public static bool IsCall(this FrameKind kind) => kind is FrameKind.Request or FrameKind.OneWay;

    public static bool IsControl(this FrameKind kind) => kind is FrameKind.Ping or FrameKind.Pong or FrameKind.Goodbye;
}

namespace OrleansMqtt.Grains.Handlers.Routes;

/// <summary>What stands for the grain where there is none: of mapped code.</summary>
internal sealed class RouteRunner
{
    private RouteRunner()
    {
    }

    public static RouteRunner Instance { get; } = new();
}

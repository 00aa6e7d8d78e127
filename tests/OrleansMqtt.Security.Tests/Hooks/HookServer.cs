using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace OrleansMqtt.Security.Tests.Hooks;

/// <summary>A real HTTP server on a free port, which answers as a test says.</summary>
internal sealed class HookServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<JsonElement> _questions = [];

    private HookServer(WebApplication application) => _application = application;

    public Uri Url => new(_application.Urls.Single() + "/mqtt");

    public IReadOnlyList<JsonElement> Questions => [.. _questions];

    public string ContentType { get; private set; } = "";

    /// <summary>Answers each question.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static context => context.Response.WriteAsync("""{"result":"ignore"}""");

    /// <summary>The answer, always the same.</summary>
    public string Json
    {
        set => Answer = context => context.Response.WriteAsync(value);
    }

    public int Status
    {
        set => Answer = context =>
        {
            context.Response.StatusCode = value;
            return Task.CompletedTask;
        };
    }

    public static async Task<HookServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var server = new HookServer(application);
        application.Run(server.ServeAsync);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        Assert.Equal(("POST", "/mqtt"), (context.Request.Method, context.Request.Path.Value));
        ContentType = context.Request.ContentType ?? "";
        using var question = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        _questions.Enqueue(question.RootElement.Clone());
        await Answer(context);
    }
}

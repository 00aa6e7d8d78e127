using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace OrleansMqtt.Security.Hooks;

/// <summary>
/// Posts JSON to a server and reads JSON from it. Nothing is tried twice: clients come again by themselves, and a server in trouble needs no more requests. One that fails often is
/// left alone for a while.
/// </summary>
internal sealed class HookClient : IDisposable
{
    private const int LargestAnswer = 64 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly HttpClient _http;
    private readonly SemaphoreSlim _places;
    private readonly ResiliencePipeline _waiting;
    private readonly ResiliencePipeline _asking;
    private readonly HttpHookOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _nextLine;

    /// <summary>Makes one; nothing is sent yet.</summary>
    public HookClient(HttpHookOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Url.UserInfo.Length > 0) throw new ArgumentException("A hook's URL stands in the log and must have no password.", nameof(options));
        (_options, _time, _logger) = (options, time, logger);
        _nextLine = time.GetTimestamp();
        _places = new SemaphoreSlim(options.MaxConcurrent);
        // A redirection would send passwords to wherever the answer says.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, MaxConnectionsPerServer = options.MaxConcurrent, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ActivityHeadersPropagator = null,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        _waiting = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.Timeout).Build();
        _asking = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = options.Break,
                ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>().Handle<TimeoutRejectedException>().Handle<HookException>(),
                OnOpened = _ =>
                {
                    HookLog.Opened(logger, options.Url, options.Break.TotalSeconds);
                    return default;
                },
                OnClosed = _ =>
                {
                    HookLog.Closed(logger, options.Url);
                    return default;
                },
            })
            .AddTimeout(options.Timeout)
            .Build();
    }

    /// <summary>Asks.</summary>
    /// <param name="body">What is posted: JSON in UTF-8.</param>
    /// <param name="read">Reads the answer, an object; a <see cref="FormatException"/> where it says nothing that was agreed.</param>
    /// <param name="cancellationToken">Nobody waits for the answer any more.</param>
    public async Task<HookAnswer<T>> AskAsync<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T> read, CancellationToken cancellationToken)
        where T : struct
    {
        try
        {
            await _waiting.ExecuteAsync(async token => await _places.WaitAsync(token), cancellationToken);
        }
        catch (TimeoutRejectedException)
        {
            return Failed<T>($"{_options.MaxConcurrent} requests are on their way already");
        }
        try
        {
            return new HookAnswer<T>(await _asking.ExecuteAsync(async token => await PostAsync(body, read, token), cancellationToken), null);
        }
        catch (BrokenCircuitException)
        {
            // Said once, when it was decided.
            return HookAnswer<T>.None("the hook is left alone for a while after failures");
        }
        catch (TimeoutRejectedException)
        {
            return Failed<T>("it did not answer in time");
        }
        catch (HttpRequestException exception)
        {
            return Failed<T>($"it cannot be reached ({exception.HttpRequestError})");
        }
        catch (HookException exception)
        {
            return Failed<T>(exception.Message);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _places.Dispose();
    }

    private async Task<T> PostAsync<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = Json;
        using var response = await _http.PostAsync(_options.Url, content, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK) throw new HookException($"it answered with status {(int)response.StatusCode}");
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(answer, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : throw new HookException("its answer is no JSON object");
        }
        catch (JsonException)
        {
            throw new HookException("its answer is no JSON");
        }
        catch (FormatException exception)
        {
            throw new HookException($"its answer is not understood: {exception.Message}");
        }
    }

    private HookAnswer<T> Failed<T>(string problem)
        where T : struct
    {
        // One line a second, however many clients are waiting.
        var (now, next) = (_time.GetTimestamp(), Volatile.Read(ref _nextLine));
        if (now >= next && Interlocked.CompareExchange(ref _nextLine, now + _time.TimestampFrequency, next) == next) HookLog.Failed(_logger, _options.Url, problem);
        return HookAnswer<T>.None($"the hook gave no answer: {problem}");
    }
}

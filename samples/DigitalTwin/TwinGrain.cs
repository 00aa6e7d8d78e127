using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Handlers;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Samples.DigitalTwin;

/// <summary>
/// The twin of a device. Whoever publishes a <see cref="TwinUpdate"/> to <c>twins/{id}/reported</c> or <c>/desired</c> changes it and is acknowledged when the change is stored; <c>…/accepted</c> or
/// <c>…/rejected</c> tells the outcome, <c>twins/{id}/delta</c> what the device has yet to do.
/// </summary>
public sealed class TwinGrain([PersistentState("twin")] IPersistentState<TwinState> twin) : Grain, ITopicHandlerGrain, ITwinGrain
{
    private const int MaximumBytes = 8 * 1024;

    /// <summary>The device says what it is.</summary>
    [TopicHandler("twins/{id}/reported", Ack = AckMode.Handled)]
    public Task ReportAsync(TopicContext context, TwinUpdate update) => UpdateAsync(context, update, twin.State.Reported, merged => twin.State.Reported = merged);

    /// <summary>Somebody says what it is to be.</summary>
    [TopicHandler("twins/{id}/desired", Ack = AckMode.Handled)]
    public Task DesireAsync(TopicContext context, TwinUpdate update) => UpdateAsync(context, update, twin.State.Desired, merged => twin.State.Desired = merged);

    /// <summary>Somebody asks for all of it: the answer goes to <c>twins/{id}/get/accepted</c> and, where the request names one, to its response topic.</summary>
    [TopicHandler("twins/{id}/get", Ack = AckMode.Handled)]
    public async Task GetAsync(TopicContext context)
    {
        if (twin.State.Version == 0)
        {
            await AnswerAsync(context, "rejected", new TwinRejected(404, "There is no such twin yet."));
            return;
        }
        var document = Document();
        await context.ReplyAsync(document);
        await AnswerAsync(context, "accepted", document);
    }

    /// <inheritdoc/>
    public Task<string?> ReadAsync() => Task.FromResult(twin.State.Version == 0 ? null : JsonSerializer.Serialize(Document(), JsonSerializerOptions.Web));

    private async Task UpdateAsync(TopicContext context, TwinUpdate update, string current, Action<string> set)
    {
        // One that comes again after a crash has been made already, and is told so again.
        if (!twin.State.Applied.Contains(context.MessageId))
        {
            var merged = Parse(current);
            JsonMerge.Apply(merged, update.State);
            var text = merged.ToJsonString();
            if (Problem(update, text) is { } rejection)
            {
                await AnswerAsync(context, "rejected", rejection);
                return;
            }
            set(text);
            twin.State.Version++;
            twin.State.Applied.TryAdd(context.MessageId);
            await twin.WriteStateAsync();
        }
        await AnswerAsync(context, "accepted", new TwinAccepted(twin.State.Version));
        var document = Document();
        if (document.Delta.Count > 0)
            await context.PublishAsync($"twins/{context["id"]}/delta", new TwinDelta(document.Version, document.Delta), QualityOfService.AtLeastOnce);
    }

    private TwinRejected? Problem(TwinUpdate update, string merged)
    {
        if (update.Version is { } expected && expected != twin.State.Version) return new TwinRejected(409, $"Version {expected} was expected, the twin has version {twin.State.Version}.");
        return Encoding.UTF8.GetByteCount(merged) > MaximumBytes ? new TwinRejected(413, $"The state would be larger than {MaximumBytes} bytes.") : null;
    }

    private TwinDocument Document()
    {
        var (reported, desired) = (Parse(twin.State.Reported), Parse(twin.State.Desired));
        return new TwinDocument(twin.State.Version, reported, desired, JsonMerge.Difference(desired, reported));
    }

    private static Task AnswerAsync<T>(TopicContext context, string outcome, T answer) => context.PublishAsync($"{context.Topic}/{outcome}", answer, QualityOfService.AtLeastOnce);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}

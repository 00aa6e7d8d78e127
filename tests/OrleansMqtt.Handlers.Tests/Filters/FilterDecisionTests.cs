using System.Text;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Handlers.Tests.Filters;

public class FilterDecisionTests
{
    private static readonly MessageIdentity Identity = new("session/c", new MessageNumber(1, 2), new MessageNumber(1, 1));

    private static readonly Message Original = new(
        "a/b"u8, MessageProperties.Encode(true, "text/plain", "answers", "it"u8.ToArray(), [new UserProperty("mine", "1"), new UserProperty("mine", "2")]), "payload"u8)
    {
        QoS = QualityOfService.AtLeastOnce, Retain = true, ExpiresAt = 7, Publisher = "c", Identity = Identity, Stamp = new LaneStamp(1, 2, 2), Order = new RetainedOrder(1, 3),
    };

    [Fact]
    public void Only_reasons_that_an_acknowledgement_can_give_for_an_error_are_reasons()
    {
        ReasonCode[] allowed =
        [
            ReasonCode.UnspecifiedError, ReasonCode.ImplementationSpecificError, ReasonCode.NotAuthorized, ReasonCode.TopicNameInvalid, ReasonCode.QuotaExceeded, ReasonCode.PayloadFormatInvalid,
        ];
        foreach (var reason in Enum.GetValues<ReasonCode>().Distinct())
        {
            if (allowed.Contains(reason)) Assert.Equal((reason, false), (FilterDecision.Deny(reason).Reason, FilterDecision.Deny(reason).Passes));
            else Assert.Throws<ArgumentOutOfRangeException>(() => FilterDecision.Deny(reason));
        }
    }

    [Fact]
    public void What_is_not_given_stays()
    {
        Assert.Same(Original, FilterDecision.Allow.ApplyTo(Original));
        Assert.Same(Original, FilterDecision.Change().ApplyTo(Original));
        Assert.Equal("a/b|payload|AtLeastOnce|False|mine=1,mine=2", Describe(FilterDecision.Change(retain: false).ApplyTo(Original)));
        Assert.Equal("a/b|payload|AtMostOnce|True|mine=1,mine=2", Describe(FilterDecision.Change(QualityOfService.AtMostOnce).ApplyTo(Original)));
        Assert.Equal("c|payload|AtLeastOnce|True|mine=1,mine=2", Describe(FilterDecision.Change(topic: "c").ApplyTo(Original)));
        Assert.Equal("a/b||AtLeastOnce|True|mine=1,mine=2", Describe(FilterDecision.ChangeTo([], null, null, null, null).ApplyTo(Original)));
        Assert.Equal("a/b|payload|AtLeastOnce|True|x=y", Describe(FilterDecision.Change(userProperties: [new UserProperty("x", "y")]).ApplyTo(Original)));
        Assert.Equal("a/b|payload|AtLeastOnce|True|", Describe(FilterDecision.Change(userProperties: []).ApplyTo(Original)));
    }

    [Theory]
    [InlineData("a/+")]
    [InlineData("")]
    [InlineData("a\0")]
    public void Messages_move_to_topic_names_only(string topic) => Assert.Throws<ArgumentException>(() => FilterDecision.Change(topic: topic));

    [Fact]
    public void There_are_three_qualities_of_service() => Assert.Throws<ArgumentOutOfRangeException>(() => FilterDecision.Change((QualityOfService)3));

    private static string Describe(Message message)
    {
        var properties = new MessageProperties(message.Properties);
        Assert.Equal((true, "text/plain", "answers", "it"), (properties.PayloadFormatIndicator, properties.ContentType, properties.ResponseTopic, Encoding.UTF8.GetString(properties.CorrelationData!.Value.Span)));
        Assert.Equal((7, "c", Identity, Original.Stamp, Original.Order), (message.ExpiresAt, message.Publisher, message.Identity, message.Stamp, message.Order));
        return $"{message.TopicName}|{Encoding.UTF8.GetString(message.Payload)}|{message.QoS}|{message.Retain}|{string.Join(',', properties.UserProperties.Select(static property => $"{property.Name}={property.Value}"))}";
    }
}

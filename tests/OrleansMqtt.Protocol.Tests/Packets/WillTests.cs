using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Packets;

public sealed class WillTests
{
    [Fact]
    public void Properties_are_read_out_of_their_encoded_form()
    {
        var will = new Will
        {
            Topic = "t",
            ForwardedProperties = MessageProperties.Encode(true, "text/plain", "answers", new byte[] { 1, 2 }, [new("k", "v"), new("k", "w")]),
        };

        Assert.True(will.PayloadFormatIndicator);
        Assert.Equal("text/plain", will.ContentType);
        Assert.Equal("answers", will.ResponseTopic);
        Assert.Equal([1, 2], will.CorrelationData!.Value.ToArray());
        Assert.Equal([new UserProperty("k", "v"), new UserProperty("k", "w")], will.UserProperties);
    }

    [Fact]
    public void Properties_that_are_not_there_are_null()
    {
        var will = new Will { Topic = "t" };

        Assert.Null(will.PayloadFormatIndicator);
        Assert.Null(will.ContentType);
        Assert.Null(will.ResponseTopic);
        Assert.Null(will.CorrelationData);
        Assert.Empty(will.UserProperties);
    }
}

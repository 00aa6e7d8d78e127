using Orleans.Runtime;
using Orleans.Hosting;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Streams.Tests;

/// <summary>Options that are not allowed stop the start.</summary>
public class OptionTests
{
    [Theory]
    [InlineData("a/b", 8, 1000, "The stream provider's name is \"a/b\"; allowed is one without a slash that is not empty.")]
    [InlineData("mqtt", 0, 1000, "Queues of the stream provider mqtt is 0; allowed is 1 to 1,024.")]
    [InlineData("mqtt", 8, 10, "Window of the stream provider mqtt is 10; allowed is 100 to 65,535.")]
    public async Task One_sentence_says_what_is_wrong(string provider, int queues, int window, string sentence)
    {
        var builder = new MqttTestClusterBuilder { Silos = 1, Gateways = 0 };
        builder.ConfigureSilo(silo => silo.AddMqttStreams(provider, options => (options.Queues, options.Window) = (queues, window)));
        Assert.Equal(sentence, (await Assert.ThrowsAsync<OrleansConfigurationException>(() => builder.StartAsync(TestContext.Current.CancellationToken))).Message);
    }
}

using System.Reflection;

namespace OrleansMqtt.Streams.Tests;

/// <summary>Streams are for Microsoft Orleans.</summary>
public class NothingTests
{
    [Fact]
    public void With_the_bundled_runtime_there_is_nothing_that_would_seem_to_work() => Assert.Empty(Assembly.Load("OrleansMqtt.Streams").GetExportedTypes());
}

using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace OrleansMqtt.Hosting.Tests.Containers;

/// <summary>The repository's docker-compose.yml.</summary>
/// <param name="Services">Its services, by name.</param>
internal sealed record ComposeFile(IReadOnlyDictionary<string, ComposeService> Services)
{
    public static ComposeFile Read()
    {
        using var text = File.OpenText(Path.Combine(AppContext.BaseDirectory, "docker-compose.yml"));
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(text)));
        var services = (Dictionary<object, object>)file["services"];
        return new ComposeFile(services.ToDictionary(static service => (string)service.Key, static service => new ComposeService((string)service.Key, (Dictionary<object, object>)service.Value)));
    }

    /// <summary>The services of one of our images.</summary>
    public IReadOnlyList<ComposeService> Of(string image) => [.. Services.Values.Where(service => service.Text("image") == image)];
}

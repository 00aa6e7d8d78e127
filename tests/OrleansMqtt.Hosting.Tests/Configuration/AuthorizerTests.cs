using OrleansMqtt.Security.Hooks;

namespace OrleansMqtt.Hosting.Tests.Configuration;

public sealed class AuthorizerTests : IDisposable
{
    private const string FilterForm = "a topic filter of up to 200 levels, of a shared subscription the one behind its group";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleansmqtt-hosts-");

    [Fact]
    public void Without_configuration_there_is_none()
    {
        Assert.Empty(Reading.Of().Accepted().Authorizers.Names);
        Assert.Empty(Reading.Of("--Authorization:AclFile=", "--Authorization:Http:Url=", "--Authorization:Denied:Topics=", "--Authorization:Denied:Except=").Accepted().Authorizers.Names);
        Assert.Empty(Reading.OfFile("""{ "Authorization": { "Allowed": {}, "Denied": { "Topics": [], "Except": [] }, "AclFile": null } }""").Accepted().Authorizers.Names);
    }

    [Fact]
    public void Those_that_are_configured_have_their_order()
    {
        var settings = Reading.Of(
            $"--Authorization:AclFile={File("topic read #")}", "--Authorization:Allowed:joe:Publish:0=a", "--Authorization:Denied:Topics:0=secret/#", "--Authorization:Http:Url=https://auth.example/acl",
            "--Authentication:Http:Url=https://auth.example/mqtt").Accepted().Authorizers;
        Assert.Equal(["denied", "identity", "allowed", "acl", "http"], settings.Names);
        Assert.Equal(new HttpHookOptions(new Uri("https://auth.example/acl")), settings.Hook);
    }

    [Fact]
    public void Lists_of_a_file_are_arrays()
    {
        var settings = Reading.OfFile("""
            {
              "Authorization": {
                "Allowed": {
                  "joe": { "Publish": ["joe/#", "all"], "Subscribe": [] },
                  "anonymous": { "Subscribe": ["news/+"] },
                  "nobody": {}
                },
                "Denied": { "Topics": ["secret/#", "$SYS/#"], "Except": ["admin"] }
              }
            }
            """).Accepted().Authorizers;
        Assert.Equal(["anonymous", "joe", "nobody"], settings.Allowed!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["joe/#", "all"], settings.Allowed["joe"].Publish!);
        Assert.Empty(settings.Allowed["joe"].Subscribe!);
        Assert.Null(settings.Allowed["anonymous"].Publish);
        Assert.Equal(["news/+"], settings.Allowed["anonymous"].Subscribe!);
        Assert.Equal((null, null), (settings.Allowed["nobody"].Publish, settings.Allowed["nobody"].Subscribe));
        Assert.Equal(["secret/#", "$SYS/#"], settings.Denied!.Topics);
        Assert.Equal(["admin"], settings.Denied.Except);
    }

    [Fact]
    public void Lists_of_the_command_line_have_numbers_and_an_empty_one_is_empty()
    {
        var settings = Reading.Of("--Authorization:Allowed:joe:Publish:0=a", "--Authorization:Allowed:joe:Publish:1=b/+", "--Authorization:Allowed:joe:Subscribe=").Accepted().Authorizers;
        Assert.Equal(["a", "b/+"], settings.Allowed!["joe"].Publish!);
        Assert.Empty(settings.Allowed["joe"].Subscribe!);
    }

    [Theory]
    [InlineData("Authorization:Allowed=joe", "Authorization:Allowed is \"joe\"; allowed is a section with one for each user under it.")]
    [InlineData("Authorization:Allowed:joe:Publish=a", "Authorization:Allowed:joe:Publish is \"a\"; allowed is a list, the first member as Authorization:Allowed:joe:Publish:0, or nothing for an empty one.")]
    [InlineData("Authorization:Allowed:joe:Publish:0=a#", "Authorization:Allowed:joe:Publish:0 is \"a#\"; allowed is " + FilterForm + ".")]
    [InlineData("Authorization:Allowed:joe:Subscribe:0=$share/g/a", "Authorization:Allowed:joe:Subscribe:0 is \"$share/g/a\"; allowed is " + FilterForm + ".")]
    [InlineData("Authorization:Allowed:joe:Publsih:0=a", "Authorization:Allowed:joe:Publsih:0 is not a known key; the nearest one is Authorization:Allowed:joe:Publish.")]
    [InlineData("Authorization:Denied:Topics:0=", "Authorization:Denied:Topics:0 is \"\"; allowed is " + FilterForm + ".")]
    [InlineData("Authorization:Denied:Except:0=", "Authorization:Denied:Except:0 is \"\"; allowed is a user name.")]
    [InlineData("Authorization:Denied:Except:0=admin", "Authorization:Denied:Except is set, but there is nothing that it would be an exception from; allowed is with Authorization:Denied:Topics beside it.")]
    [InlineData("Authorization:Denied=a", "Authorization:Denied is not a known key; the nearest one is Authorization:Denied:Except.")]
    [InlineData("Authorization:Http:WhenFailing=Allow", "Authorization:Http:WhenFailing is \"Allow\"; allowed is Deny or Ignore.")]
    [InlineData("Authorization:Http:CacheSeconds=5", "Authorization:Http:CacheSeconds is set, but no server to ask; allowed is with Authorization:Http:Url beside it.")]
    public void Others_are_refused_with_one_sentence(string setting, string sentence) => Assert.Equal(sentence, Reading.Of("--" + setting).Problem);

    [Fact]
    public void A_file_that_cannot_be_used_is_named_with_the_reason()
    {
        var file = File("topic read #\ntopic all #\n");
        Assert.Equal($"Authorization:AclFile is \"{file}\", which cannot be used: line 2 allows \"all\"; allowed is read, write, readwrite or deny.", Reading.Of($"--Authorization:AclFile={file}").Problem);
        Assert.StartsWith($"Authorization:AclFile is \"{file}.not\", which cannot be used: Could not find file ", Reading.Of($"--Authorization:AclFile={file}.not").Problem, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private string File(string text)
    {
        var path = Path.Combine(_directory.FullName, "acl");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}

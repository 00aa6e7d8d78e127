using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Security.Files;
using OrleansMqtt.Security.Acl;
using OrleansMqtt.Security.Hosting;
using OrleansMqtt.Security.Tests.Support;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Security.Tests.Acl;

public sealed class AclAuthorizerTests : IDisposable
{
    private static readonly AuthorizationRequest Publish = new("c", ClientIdentity.Anonymous, TopicAction.Publish, "a");
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly RecordingLogger _log = new();

    [Fact]
    public async Task A_new_list_holds_without_a_restart_and_a_bad_one_changes_nothing()
    {
        var path = _folder.Write("acl", "topic a\n");
        await using var services = Services(path);
        var authorizer = services.GetRequiredService<IAuthorizer>();
        var changes = 0;
        authorizer.Changed += () => changes++;
        Assert.Equal(AuthorizationDecision.Allow, await Decide(authorizer));

        _folder.Write("acl", "topic read a\n");
        Pass();
        Assert.Equal((AuthorizationDecision.Next, 1), (await Decide(authorizer), changes));

        _folder.Write("acl", "topic all a\n");
        Pass();
        Assert.Equal((AuthorizationDecision.Next, 1), (await Decide(authorizer), changes));
        Assert.Contains("line 1 allows \"all\"", Assert.Single(_log.Entries, static entry => entry.Level == LogLevel.Warning).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_file_can_be_told_before_the_start()
    {
        Assert.Null(MqttAuthorizerExtensions.FindProblemInAclFile(_folder.Write("good", "topic a\n")));
        Assert.Equal("line 2 has no valid topic filter of up to 200 levels", MqttAuthorizerExtensions.FindProblemInAclFile(_folder.Write("bad", "\ntopic a#\n")));
        Assert.Contains("missing", MqttAuthorizerExtensions.FindProblemInAclFile(_folder.Path("missing")), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    private static async Task<AuthorizationDecision> Decide(IAuthorizer authorizer) => (await authorizer.AuthorizeAsync(Publish, TestContext.Current.CancellationToken)).Decision;

    private ServiceProvider Services(string path) =>
        new ServiceCollection().AddSingleton<TimeProvider>(_time).AddSingleton<ILoggerFactory>(_log).AddMqttAclFile(path).BuildServiceProvider();

    private void Pass()
    {
        for (var i = 0; i < 2; i++) _time.Advance(WatchedFile<AclFile>.Interval);
    }
}

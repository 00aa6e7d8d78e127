using System.CommandLine;
using System.Text;
using OrleansMqtt.Cli.Bench.Arguments;
using OrleansMqtt.Cli.Bench.Clients;

namespace OrleansMqtt.Cli.Tests.Arguments;

public sealed class BrokerOptionsTests
{
    [Fact]
    public void The_password_may_come_from_the_environment()
    {
        Assert.Equal("from outside", Read("--username u").Password);
        Assert.Equal("given", Read("--username u --password given").Password);
    }

    [Fact]
    public void Without_a_user_name_there_is_no_password()
    {
        var broker = Read("");
        Assert.Null(broker.Password);
        Assert.Null(broker.Connect("-c0").Password); // Null, not empty: 3.1.1 has no password without a user name.
    }

    [Fact]
    public void Connect_carries_them()
    {
        var connect = Read("--username u --prefix p").Connect("-c0");
        Assert.Equal(("p-c0", "u", "from outside"), (connect.ClientId, connect.UserName, Encoding.UTF8.GetString(connect.Password!.Value.Span)));
    }

    [Fact]
    public void The_seed_decides_the_prefix_unless_that_is_given()
    {
        Assert.Equal("bench-000000ff", Read("--seed 255").Prefix);
        Assert.Equal("mine", Read("--seed 255 --prefix mine").Prefix);
        Assert.NotEqual(Read("").Prefix, Read("").Prefix);
    }

    private static BrokerSettings Read(string arguments)
    {
        var (command, options) = (new RootCommand(), new BrokerOptions());
        options.AddTo(command);
        var broker = options.Read(command.Parse(arguments), static name => name == BrokerOptions.PasswordVariable ? "from outside" : null, out var problem);
        Assert.Null(problem);
        return broker;
    }
}

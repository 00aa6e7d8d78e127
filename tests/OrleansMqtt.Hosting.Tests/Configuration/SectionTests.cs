using OrleansMqtt.Events;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Hosting.Tests.Configuration;

/// <summary>The sections that are neither limits nor listeners.</summary>
public sealed class SectionTests
{
    [Fact]
    public void Without_configuration_everything_has_its_default()
    {
        var settings = Reading.Of().Accepted();
        Assert.Equal(32, settings.Cluster.Partitions);
        Assert.Equal(new StoreSettings("data", null, new StoreDurability(DurabilityLevel.Disk), false), settings.Store);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.Gateway.SysInterval);
    }

    [Fact]
    public void Kinds_of_events_are_read() => Assert.Equal(
        new EventOptions { Publish = EventKinds.Connected | EventKinds.Dropped, MaxWaiting = 7 }, Reading.Of("--Events:Publish=dropped,connected", "--Events:MaxWaiting=7").Accepted().Events);

    [Theory]
    [InlineData("Store:Path=memory")]
    [InlineData("Store:Path=Memory")]
    [InlineData("Store:Path=/var/lib/broker")]
    [InlineData("Store:Durability=process")]
    [InlineData("Store:Strict=true")]
    [InlineData("Cluster:Redis=redis.example,password=s3cret")]
    [InlineData("Store:Redis=redis.example,password=s3cret")]
    [InlineData("Store:Redis=")]
    [InlineData("Http:Bind=none")]
    [InlineData("Cluster:Redis=")]
    [InlineData("Cluster:Id=plant-7_b")]
    [InlineData("Cluster:Advertise=silo-1.example:7000")]
    [InlineData("Cluster:Bind=127.0.0.1:0")]
    [InlineData("Cluster:Partitions=4096")]
    [InlineData("Authentication:AllowAnonymous=TRUE")]
    [InlineData("Authentication:PasswordFile=")]
    [InlineData("Sys:IntervalSeconds=0")]
    [InlineData("Sockets:Engine=kestrel")]
    [InlineData("Sockets:TcpKeepAliveSeconds=0")]
    [InlineData("Sockets:TcpKeepAliveSeconds=32767")]
    [InlineData("Sockets:TcpKeepAliveProbes=127")]
    [InlineData("Drain:ServerReference=")]
    [InlineData("Drain:ServerReference=a.example:1883 b.example:1883")]
    [InlineData("Drain:ClientsPerSecond=1000000")]
    [InlineData("Drain:MaxSeconds=0")]
    [InlineData("Events:Publish=")]
    [InlineData("Events:Publish=all")]
    [InlineData("Events:Publish=Connected, disconnected,Dropped")]
    [InlineData("Events:MaxWaiting=1")]
    [InlineData("Logging:LogLevel:Default=Debug")]
    [InlineData("Logging:Console:LogLevel:OrleansMqtt.Gateway=none")]
    [InlineData("Logging:Console:FormatterOptions:SingleLine=false")]
    public void Allowed_values_are_accepted(string setting) => Assert.Null(Reading.Of("--" + setting).Problem);

    [Theory]
    [InlineData("Store:Path=", "Store:Path is \"\"; allowed is memory or the path of a directory.")]
    [InlineData("Store:Durability=memory", "Store:Durability is \"memory\"; allowed is process or disk where the store is a directory.")]
    [InlineData("Store:Durability=replica(2)", "Store:Durability is \"replica(2)\"; allowed is process or disk where the store is a directory.")]
    [InlineData("Store:Durability=tape", "Store:Durability is \"tape\"; allowed is process or disk where the store is a directory.")]
    [InlineData("Store:Strict=very", "Store:Strict is \"very\"; allowed is true or false.")]
    [InlineData("Http:Bind=off", "Http:Bind is \"off\"; allowed is none, or host:port with an IP address or localhost and a port from 0 to 65535.")]
    [InlineData("Http:Bind=unix:/tmp/http", "Http:Bind is \"unix:/tmp/http\"; allowed is none, or host:port with an IP address or localhost and a port from 0 to 65535.")]
    [InlineData("Http:Bind=0.0.0.0:8080", "Http:Bind is \"0.0.0.0:8080\", which other machines can reach, and no authentication is configured; allowed is a loopback address, or any with Authentication:AllowAnonymous=true.")]
    [InlineData("Cluster:Id={a}", "Cluster:Id is \"{a}\"; allowed is 1 to 64 letters, digits, hyphens and underscores.")]
    [InlineData("Cluster:Advertise=7000", "Cluster:Advertise is \"7000\"; allowed is host:port with a host name or IP address and a port from 1 to 65535.")]
    [InlineData("Cluster:Advertise=silo-1.example:0", "Cluster:Advertise is \"silo-1.example:0\"; allowed is host:port with a host name or IP address and a port from 1 to 65535.")]
    [InlineData("Cluster:Bind=0.0.0.0:7000", "Cluster:Bind is \"0.0.0.0:7000\", which is no address that others can reach; allowed is one of this machine's addresses, or any with Cluster:Advertise.")]
    [InlineData("Cluster:Bind=a b:1", "Cluster:Bind is \"a b:1\"; allowed is host:port with an IP address or localhost and a port from 0 to 65535.")]
    [InlineData("Cluster:Partitions=4097", "Cluster:Partitions is \"4097\"; allowed is a whole number from 1 to 4096.")]
    [InlineData("Cluster:Partitions=0", "Cluster:Partitions is \"0\"; allowed is a whole number from 1 to 4096.")]
    [InlineData("Authentication:AllowAnonymous=1", "Authentication:AllowAnonymous is \"1\"; allowed is true or false.")]
    [InlineData("Sockets:Engine=io_uring", "Sockets:Engine is \"io_uring\"; allowed is Auto, Epoll or Kestrel.")]
    [InlineData("Sockets:TcpKeepAliveSeconds=32768", "Sockets:TcpKeepAliveSeconds is \"32768\"; allowed is a whole number from 0 to 32767.")]
    [InlineData("Sockets:TcpKeepAliveProbes=0", "Sockets:TcpKeepAliveProbes is \"0\"; allowed is a whole number from 1 to 127.")]
    [InlineData("Sys:IntervalSeconds=86401", "Sys:IntervalSeconds is \"86401\"; allowed is a whole number from 0 to 86400.")]
    [InlineData("Drain:ServerReference=a\tb", "Drain:ServerReference is \"a\tb\"; allowed is an address for clients, or several with a space between them, up to 1024 bytes.")]
    [InlineData("Drain:ClientsPerSecond=0", "Drain:ClientsPerSecond is \"0\"; allowed is a whole number from 1 to 1000000.")]
    [InlineData("Drain:MaxSeconds=3601", "Drain:MaxSeconds is \"3601\"; allowed is a whole number from 0 to 3600.")]
    [InlineData("Events:Publish=Connected,None", "Events:Publish is \"Connected,None\"; allowed is Connected, Disconnected, Subscribed, Unsubscribed, Dropped or All, several with commas between them, or nothing.")]
    [InlineData("Events:MaxWaiting=0", "Events:MaxWaiting is \"0\"; allowed is a whole number from 1 to 1000000.")]
    [InlineData("Logging:LogLevel:Default=Loud", "Logging:LogLevel:Default is \"Loud\"; allowed is Trace, Debug, Information, Warning, Error, Critical or None.")]
    public void Others_are_refused_with_one_sentence(string setting, string sentence) => Assert.Equal(sentence, Reading.Of("--" + setting).Problem);

    [Fact]
    public void What_is_set_is_what_holds()
    {
        var settings = Reading.Of("--Cluster:Partitions=7", "--Sys:IntervalSeconds=60").Accepted();
        Assert.Equal((7, TimeSpan.FromMinutes(1)), (settings.Cluster.Partitions, settings.Gateway.SysInterval));
    }

    [Fact]
    public void A_drain_is_what_is_set()
    {
        Assert.Equal(new DrainOptions(), Reading.Of("--Drain:ServerReference=").Accepted().Gateway.Drain);
        Assert.Equal(
            new DrainOptions { ServerReference = "a.example", ClientsPerSecond = 7, MaxTime = TimeSpan.FromSeconds(3) },
            Reading.Of("--Drain:ServerReference=a.example", "--Drain:ClientsPerSecond=7", "--Drain:MaxSeconds=3").Accepted().Gateway.Drain);
    }

    [Theory]
    [InlineData("memory", "disk", "Store:Durability is \"disk\"; allowed is memory where the store is memory.")]
    [InlineData("memory", "memory", null)]
    [InlineData("x", "disk", null)]
    public void The_durability_is_one_that_the_store_has(string path, string durability, string? problem) =>
        Assert.Equal(problem, Reading.Of("--Store:Path=" + path, "--Store:Durability=" + durability).Problem);

    [Theory]
    [InlineData("replica(2)", DurabilityLevel.Replica, 2)]
    [InlineData("process", DurabilityLevel.Process, 0)]
    public void Redis_can_have_replicas(string durability, DurabilityLevel level, int replicas)
    {
        foreach (var key in new[] { "Cluster:Redis", "Store:Redis" })
        {
            var store = Reading.Of($"--{key}=redis.example", "--Store:Durability=" + durability).Accepted().Store;
            Assert.Equal((new RedisServer("redis.example", key), new StoreDurability(level, replicas)), (store.Redis, store.Durability));
        }
    }

    [Theory]
    [InlineData("replica(0)")]
    [InlineData("replica")]
    [InlineData("memory")]
    public void Redis_can_have_no_other(string durability) => Assert.Equal(
        $"Store:Durability is \"{durability}\"; allowed is process, disk or replica(n) with n from 1 where the store is Redis.",
        Reading.Of("--Cluster:Redis=redis.example", "--Store:Durability=" + durability).Problem);

    [Theory]
    [InlineData("Cluster:Redis")]
    [InlineData("Store:Redis")]
    public void There_is_one_store(string key) => Assert.Equal(
        $"Store:Path is \"data\", but {key} names the server that keeps everything; allowed is one of the two.",
        Reading.Of($"--{key}=redis.example,password=s3cret", "--Store:Path=data").Problem);

    [Theory]
    [InlineData("Cluster:Redis")]
    [InlineData("Store:Redis")]
    public void A_server_is_named_by_a_connection_string(string key) => Assert.Equal(
        $"{key} is not a StackExchange.Redis connection string: Keyword 'nonsense' is not supported",
        Reading.Of($"--{key}=redis.example,password=s3cret,nonsense=1").Problem);

    [Fact]
    public void There_is_one_server() => Assert.Equal(
        "Store:Redis is set, but Cluster:Redis names the server that keeps everything; allowed is one of the two.",
        Reading.Of("--Cluster:Redis=redis.example", "--Store:Redis=redis.example,password=s3cret").Problem);

    [Fact]
    public void The_first_of_several_problems_is_the_one_reported() =>
        Assert.Equal("Store:Durability is \"x\"; allowed is process or disk where the store is a directory.", Reading.Of("--Sys:IntervalSeconds=x", "--Store:Durability=x").Problem);
}

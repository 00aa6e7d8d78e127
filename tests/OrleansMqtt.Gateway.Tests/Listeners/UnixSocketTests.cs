using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Listeners;
using OrleansMqtt.Gateway.Tests.Transports;

namespace OrleansMqtt.Gateway.Tests.Listeners;

public sealed class UnixSocketTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleansmqtt-unix-");

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<SocketEngine> Engines => OperatingSystem.IsLinux() ? [SocketEngine.Kestrel, SocketEngine.Epoll] : [SocketEngine.Kestrel];

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)]
    public async Task Its_file_has_the_mode_that_was_asked_for(UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are not Windows'");
        await using var listening = await ListenAsync(mode);
        Assert.Equal(mode, OperatingSystem.IsWindows() ? mode : File.GetUnixFileMode(Socket));
        await using var peer = await TransportPair.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
    }

    [Fact]
    public async Task What_a_dead_process_has_left_is_removed()
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Socket));
            dead.Listen();
            // A process that dies removes nothing; this one would.
            File.Move(Socket, Socket + "-kept");
        }
        File.Move(Socket + "-kept", Socket);
        Assert.True(File.Exists(Socket));
        await using var listening = await ListenAsync();
        await using var peer = await TransportPair.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
    }

    [Fact]
    public async Task One_that_is_in_use_is_not()
    {
        await using var first = await ListenAsync();
        await Assert.ThrowsAsync<AddressInUseException>(() => ListenAsync());
        await using var peer = await TransportPair.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
    }

    [Theory]
    [InlineData("")]
    [InlineData("somebody's letter")]
    public async Task A_file_that_is_no_socket_is_not_touched(string content)
    {
        await File.WriteAllTextAsync(Socket, content, TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<Exception>(() => ListenAsync());
        Assert.Equal(content, await File.ReadAllTextAsync(Socket, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_process_at_its_other_end_is_known(SocketEngine engine)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SO_PEERCRED is Linux'");
        await using var pair = await TransportPair.OpenAsync(engine, new UnixDomainSocketEndPoint(Socket));
        var peer = ClientProof.Of(pair.Server)!.Peer!;
        Assert.Equal(Environment.ProcessId, peer.ProcessId);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Nobody_is_known_by_TCP(SocketEngine engine)
    {
        await using var pair = await TransportPair.OpenAsync(engine);
        Assert.Null(ClientProof.Of(pair.Server)?.Peer);
    }

    private string Socket => Path.Combine(_folder.FullName, "mqtt.sock");

    private async Task<IConnectionListener> ListenAsync(UnixFileMode? mode = null)
    {
        var factory = TransportPair.Factory(OperatingSystem.IsLinux() ? SocketEngine.Epoll : SocketEngine.Kestrel);
        return await UnixSocketFile.BindAsync(factory, new ListenerOptions { Bind = new UnixDomainSocketEndPoint(Socket), Mode = mode }, TestContext.Current.CancellationToken);
    }
}

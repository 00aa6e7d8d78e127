using System.IO.Pipelines;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>A client that knows no packets, only bytes: for what must come exactly so, and for what no encoder writes. Bytes are given as hexadecimal digits; spaces are ignored.</summary>
public sealed class RawClient(IDuplexPipe pipe) : IDisposable
{
    public RawClient(TestBroker broker) : this(broker.Transport.Connect())
    {
    }

    /// <summary>A CONNECT with keep alive 0.</summary>
    /// <param name="clientId">Client identifier, ASCII, under 100 characters.</param>
    /// <param name="flags">Connect flags.</param>
    /// <param name="name">Protocol name.</param>
    /// <param name="level">Protocol level.</param>
    /// <param name="rest">What follows the client identifier.</param>
    public static string Connect(string clientId = "raw", byte flags = 0x02, string name = "MQTT", byte level = 4, string rest = "")
    {
        var body = $"{Text(name)}{level:X2}{flags:X2}0000{Text(clientId)}{rest}".Replace(" ", "");
        return $"10{body.Length / 2:X2}{body}";
    }

    /// <summary>A text with its length.</summary>
    public static string Text(string text) => $"{text.Length:X4}{Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(text))}";

    public async Task SendAsync(string hex) => await pipe.Output.WriteAsync(Convert.FromHexString(hex.Replace(" ", "")));

    /// <summary>The next bytes, so many as <paramref name="expected"/> has, must be these.</summary>
    public async Task ExpectAsync(string expected)
    {
        var digits = expected.Replace(" ", "");
        Assert.Equal(digits, await ReceiveAsync(digits.Length / 2));
    }

    /// <summary>The next bytes, fewer when the server closes before.</summary>
    public async Task<string> ReceiveAsync(int count)
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        var result = await pipe.Input.ReadAtLeastAsync(count, guard.Token);
        var slice = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, count));
        var bytes = Convert.ToHexString(System.Buffers.BuffersExtensions.ToArray(slice));
        pipe.Input.AdvanceTo(slice.End);
        return bytes;
    }

    /// <summary>The server must send these bytes, none by default, and close.</summary>
    public async Task ExpectClosedAsync(string last = "")
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        var received = "";
        while (true)
        {
            var result = await pipe.Input.ReadAsync(guard.Token);
            received += Convert.ToHexString(System.Buffers.BuffersExtensions.ToArray(result.Buffer));
            pipe.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) break;
        }
        Assert.Equal(last.Replace(" ", ""), received);
    }

    /// <summary>Sends no more.</summary>
    public void EndOutput() => pipe.Output.Complete();

    /// <summary>Reads until the server closes; what comes is text.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        using var received = new MemoryStream();
        await pipe.Input.CopyToAsync(received, guard.Token);
        return System.Text.Encoding.Latin1.GetString(received.ToArray());
    }

    public void Dispose()
    {
        pipe.Output.Complete();
        pipe.Input.Complete();
    }
}

using Microsoft.Extensions.Hosting;

namespace OrleansMqtt.Storage;

/// <summary>Opens a store before anything else of the host starts, so that what is wrong with it is said first and alone.</summary>
internal sealed class StoreOpening(Func<CancellationToken, Task> open) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => open(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Something that a silo does once when it has started.</summary>
    public interface IStartupTask
    {
        /// <summary>Does it. A failure fails the silo's start.</summary>
        /// <param name="cancellationToken">Cancelled when the start is given up.</param>
        /// <returns>A task that completes when it is done.</returns>
        Task Execute(CancellationToken cancellationToken);
    }
}

namespace Orleans.Hosting
{
    /// <summary>Things that a silo does when it has started.</summary>
    public static class SiloBuilderStartupExtensions
    {
        /// <summary>Adds a startup task.</summary>
        /// <typeparam name="TStartup">Its class, made with the silo's services.</typeparam>
        /// <param name="builder">The silo.</param>
        /// <param name="stage">The stage at which it runs.</param>
        /// <returns>The builder.</returns>
        public static ISiloBuilder AddStartupTask<TStartup>(this ISiloBuilder builder, int stage = ServiceLifecycleStage.Active)
            where TStartup : class, IStartupTask =>
            AddStartupTask(builder, (services, token) => ActivatorUtilities.GetServiceOrCreateInstance<TStartup>(services).Execute(token), stage);

        /// <inheritdoc cref="AddStartupTask{TStartup}"/>
        /// <param name="builder">The silo.</param>
        /// <param name="startupTask">The task.</param>
        /// <param name="stage">The stage at which it runs.</param>
        public static ISiloBuilder AddStartupTask(
            this ISiloBuilder builder, IStartupTask startupTask, int stage = ServiceLifecycleStage.Active) =>
            AddStartupTask(builder, (_, token) => startupTask.Execute(token), stage);

        /// <inheritdoc cref="AddStartupTask(ISiloBuilder, IStartupTask, int)"/>
        public static ISiloBuilder AddStartupTask(
            this ISiloBuilder builder, Func<IServiceProvider, CancellationToken, Task> startupTask,
            int stage = ServiceLifecycleStage.Active)
        {
            builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
                services => new StartupTask(services, startupTask, stage));
            return builder;
        }

        private sealed class StartupTask(
            IServiceProvider services, Func<IServiceProvider, CancellationToken, Task> task, int stage)
            : ILifecycleParticipant<ISiloLifecycle>
        {
            public void Participate(ISiloLifecycle lifecycle) =>
                lifecycle.Subscribe("StartupTask", stage, token => task(services, token));
        }
    }
}

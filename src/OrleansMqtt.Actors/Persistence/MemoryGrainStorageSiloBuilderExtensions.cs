using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;
using OrleansMqtt.Actors.Persistence;

namespace Orleans.Configuration
{
    /// <summary>Settings of the memory storage. The bundled one has none.</summary>
    public class MemoryGrainStorageOptions;
}

namespace Orleans.Hosting
{
    /// <summary>Storage in the silo's memory, lost with it.</summary>
    public static class MemoryGrainStorageSiloBuilderExtensions
    {
        private const string DefaultName = "Default";

        /// <summary>Adds a storage under a name.</summary>
        /// <param name="builder">The silo.</param>
        /// <param name="name">The name that <c>[PersistentState]</c> gives.</param>
        /// <param name="configureOptions">There is nothing to configure.</param>
        /// <returns>The builder.</returns>
        public static ISiloBuilder AddMemoryGrainStorage(
            this ISiloBuilder builder, string name, Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null)
        {
            configureOptions?.Invoke(builder.Services.AddOptions<MemoryGrainStorageOptions>(name));
            builder.Services.AddKeyedSingleton<IGrainStorage>(name, (_, _) => new MemoryGrainStorage());
            if (name == DefaultName)
            {
                builder.Services.TryAddSingleton(services => services.GetRequiredKeyedService<IGrainStorage>(DefaultName));
            }

            return builder;
        }

        /// <summary>Adds the storage of states that name none.</summary>
        /// <param name="builder">The silo.</param>
        /// <param name="configureOptions">There is nothing to configure.</param>
        /// <returns>The builder.</returns>
        public static ISiloBuilder AddMemoryGrainStorageAsDefault(
            this ISiloBuilder builder, Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null) =>
            AddMemoryGrainStorage(builder, DefaultName, configureOptions);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using OrleansMqtt.Storage.Sqlite.Documents;
using OrleansMqtt.Storage.Sqlite.Sessions;

namespace OrleansMqtt.Storage.Sqlite;

/// <summary>Puts the embedded store into a silo.</summary>
public static class SqliteStoreExtensions
{
    /// <summary>
    /// Keeps everything in one SQLite file in a directory: all ports, and the grain storage of states that name none. The host does not
    /// start, with <see cref="StoreUnusableException"/>, when the store cannot be opened as <paramref name="options"/> say.
    /// </summary>
    public static ISiloBuilder AddMqttSqliteStore(this ISiloBuilder silo, SqliteStoreOptions options)
    {
        var services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<SqliteStore>();
        services.AddSingleton(static provider => provider.GetRequiredService<SqliteStore>().Status);
        services.AddHostedService(static provider => new StoreOpening(_ =>
        {
            provider.GetRequiredService<SqliteStore>();
            return Task.CompletedTask;
        }));
        services.AddSingleton<ISessionLog, SqliteSessionLog>();
        services.AddSingleton<IRetainedStore, SqliteRetainedStore>();
        services.AddSingleton<ISubscriptionStore, SqliteSubscriptionStore>();
        services.AddSingleton<IDeadlineStore, SqliteDeadlineStore>();
        services.AddSingleton<IConnectionStore, SqliteConnectionStore>();
        services.AddSingleton<ILeaseStore, SqliteLeaseStore>();
        services.AddGrainStorage("Default", static (provider, _) => new SqliteGrainStorage(provider.GetRequiredService<SqliteStore>()));
        return silo;
    }
}

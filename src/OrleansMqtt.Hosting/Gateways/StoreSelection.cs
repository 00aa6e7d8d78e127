using Orleans.Hosting;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Hosting.Gateways.Configuration;
using OrleansMqtt.Hosting.Running;
using OrleansMqtt.Storage.Redis;
using OrleansMqtt.Storage.Sqlite;

namespace OrleansMqtt.Hosting.Gateways;

/// <summary>Picks the store that the settings name.</summary>
internal static class StoreSelection
{
    /// <summary>Adds it to the silo.</summary>
    public static ISiloBuilder AddStore(this ISiloBuilder silo, GatewaySettings settings)
    {
        var store = settings.Store;
        if (store.IsMemory) return silo.AddMqttMemoryStore();
        if (store.Redis is not { } redis) return silo.AddMqttSqliteStore(new SqliteStoreOptions { Directory = store.Path, Durability = store.Durability });
        return silo.AddMqttRedisStore(ClusterHosting.Redis(settings.Cluster, store, redis));
    }
}

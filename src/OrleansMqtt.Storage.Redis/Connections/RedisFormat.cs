using System.Globalization;
using OrleansMqtt.Storage.Redis.Keys;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>The version of the layout of keys, which the store carries itself.</summary>
internal static class RedisFormat
{
    public const int Version = 1;

    /// <summary>Marks a new store with this version.</summary>
    /// <exception cref="StoreUnusableException">The store has a version that this one cannot read.</exception>
    public static async Task EnsureAsync(RedisLink link, RedisKeys keys, string server)
    {
        var found = (string?)await link.Database.StringGetAsync(keys.Format);
        if (found is null)
        {
            // Two that start at once both find nothing; they write the same.
            await link.Database.StringSetAsync(keys.Format, Version.ToString(CultureInfo.InvariantCulture), when: When.NotExists);
            return;
        }
        if (int.TryParse(found, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version <= Version) return;
        throw new StoreUnusableException($"The data in {server} is of format {found}, this program reads up to {Version}: start a newer one, or give it another Cluster:Id.");
    }
}

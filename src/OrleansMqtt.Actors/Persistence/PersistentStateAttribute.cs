namespace Orleans
{
    /// <summary>Marks an attribute that says how a grain's constructor parameter is made.</summary>
    public interface IFacetMetadata;
}

namespace Orleans.Runtime
{
    /// <summary>Asks for a persistent state as a constructor parameter.</summary>
    /// <param name="stateName">The state's name.</param>
    /// <param name="storageName">The storage's name; null: the default storage.</param>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute(string stateName, string? storageName = null)
        : Attribute, IFacetMetadata, IPersistentStateConfiguration
    {
        /// <inheritdoc/>
        public string StateName { get; } = stateName;

        /// <inheritdoc/>
        public string? StorageName { get; } = storageName;
    }
}

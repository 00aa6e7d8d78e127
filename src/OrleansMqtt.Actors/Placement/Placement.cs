using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Says on which silo a grain is activated.</summary>
    public abstract class PlacementStrategy;
}

namespace Orleans.Placement
{
    /// <summary>Names the placement strategy of a grain class.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public abstract class PlacementAttribute : Attribute
    {
        /// <summary>Names the strategy.</summary>
        /// <param name="placement">The strategy.</param>
        protected PlacementAttribute(PlacementStrategy placement) => PlacementStrategy = placement;

        /// <summary>The strategy.</summary>
        public PlacementStrategy PlacementStrategy { get; }
    }

    /// <summary>Activates a grain in the silo that calls it first. Without effect while there is one silo.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class PreferLocalPlacementAttribute() : PlacementAttribute(new PreferLocal())
    {
        private sealed class PreferLocal : PlacementStrategy;
    }

    /// <summary>Activates a grain in the silo that a hash of its identity names. Without effect while there is one silo.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class HashBasedPlacementAttribute() : PlacementAttribute(new HashBased())
    {
        private sealed class HashBased : PlacementStrategy;
    }

    internal sealed class StatelessWorkerPlacement(int maxLocal) : PlacementStrategy
    {
        public int MaxLocal { get; } = maxLocal;
    }
}

// Each collection has a cluster of seven processes: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

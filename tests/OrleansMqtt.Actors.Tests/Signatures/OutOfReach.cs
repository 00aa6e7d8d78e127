namespace OrleansMqtt.Actors.Tests.Signatures;

/// <summary>
/// Our public types whose counterparts are in assemblies of Orleans that the package feed lacks, so that they were compared by reading
/// Orleans' source. What the assemblies at hand use of them is compared by the test too.
/// </summary>
internal static class OutOfReach
{
    private const string Core = "Orleans.Core";
    private const string Runtime = "Orleans.Runtime";
    private const string Reminders = "Orleans.Reminders";
    private const string Memory = "Orleans.Persistence.Memory";
    private const string Serialization = "Orleans.Serialization.Abstractions";

    public static IReadOnlyDictionary<string, string> Types { get; } = new Dictionary<string, string>
    {
        ["Orleans.AliasAttribute"] = Serialization,
        ["Orleans.GenerateSerializerAttribute"] = Serialization,
        ["Orleans.IdAttribute"] = Serialization,
        ["Orleans.ImmutableAttribute"] = Serialization,
        ["Orleans.ResponseTimeoutAttribute"] = Serialization,
        ["Orleans.CollectionAgeLimitAttribute"] = Core,
        ["Orleans.GrainState`1"] = Core,
        ["Orleans.IClusterClient"] = Core,
        ["Orleans.IGrainState`1"] = Core,
        ["Orleans.IMembershipTable"] = Core,
        ["Orleans.KeepAliveAttribute"] = Core,
        ["Orleans.MembershipEntry"] = Core,
        ["Orleans.MembershipTableData"] = Core,
        ["Orleans.ServiceLifecycleStage"] = Core,
        ["Orleans.Configuration.ClusterMembershipOptions"] = Core,
        ["Orleans.TableVersion"] = Core,
        ["Orleans.Configuration.GrainTypeOptions"] = Core,
        ["Orleans.Metadata.GrainTypeResolver"] = Core,
        ["Orleans.Configuration.ClientMessagingOptions"] = Core,
        ["Orleans.Configuration.ClusterOptions"] = Core,
        ["Orleans.Hosting.ClientBuilderExtensions"] = Core,
        ["Orleans.Hosting.IClientBuilder"] = Core,
        ["Microsoft.Extensions.Hosting.OrleansClientGenericHostExtensions"] = Core,
        ["Orleans.Configuration.MessagingOptions"] = Core,
        ["Orleans.Runtime.ILocalSiloDetails"] = Core,
        ["Orleans.Runtime.SiloStatus"] = Core,
        ["Orleans.Storage.IGrainStorage"] = Core,
        ["Orleans.Storage.InconsistentStateException"] = Core,
        ["Microsoft.Extensions.Hosting.OrleansSiloGenericHostExtensions"] = Runtime,
        ["Orleans.IFacetMetadata"] = Runtime,
        ["Orleans.Configuration.EndpointOptions"] = Runtime,
        ["Orleans.Configuration.GrainCollectionOptions"] = Runtime,
        ["Orleans.Configuration.SiloMessagingOptions"] = Runtime,
        ["Orleans.Configuration.SiloOptions"] = Runtime,
        ["Orleans.Hosting.CoreHostingExtensions"] = Runtime,
        ["Orleans.Hosting.ISiloBuilder"] = Runtime,
        ["Orleans.Hosting.SiloBuilderExtensions"] = Runtime,
        ["Orleans.Hosting.SiloBuilderStartupExtensions"] = Runtime,
        ["Orleans.Runtime.IPersistentState`1"] = Runtime,
        ["Orleans.Runtime.IPersistentStateConfiguration"] = Runtime,
        ["Orleans.Runtime.IPersistentStateFactory"] = Runtime,
        ["Orleans.Runtime.ISiloLifecycle"] = Runtime,
        ["Orleans.Runtime.IStartupTask"] = Runtime,
        ["Orleans.Runtime.PersistentStateAttribute"] = Runtime,
        ["Orleans.Runtime.Hosting.StorageProviderExtensions"] = Runtime,
        ["Orleans.GrainReminderExtensions"] = Reminders,
        ["Orleans.IRemindable"] = Reminders,
        ["Orleans.IReminderTable"] = Reminders,
        ["Orleans.ReminderEntry"] = Reminders,
        ["Orleans.ReminderTableData"] = Reminders,
        ["Orleans.Hosting.ReminderOptions"] = Reminders,
        ["Orleans.Hosting.SiloBuilderReminderMemoryExtensions"] = Reminders,
        ["Orleans.Runtime.IGrainReminder"] = Reminders,
        ["Orleans.Runtime.ReminderException"] = Reminders,
        ["Orleans.Runtime.TickStatus"] = Reminders,
        ["Orleans.Configuration.MemoryGrainStorageOptions"] = Memory,
        ["Orleans.Hosting.MemoryGrainStorageSiloBuilderExtensions"] = Memory,
    };
}

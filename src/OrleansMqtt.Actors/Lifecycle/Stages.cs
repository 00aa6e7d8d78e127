namespace Orleans
{
    /// <summary>The stages of a silo's start.</summary>
    public static class ServiceLifecycleStage
    {
        /// <summary>Before everything.</summary>
        public const int First = int.MinValue;

        /// <summary>The runtime itself.</summary>
        public const int RuntimeInitialize = 2000;

        /// <summary>Services of the runtime.</summary>
        public const int RuntimeServices = 4000;

        /// <summary>Storage that the runtime uses.</summary>
        public const int RuntimeStorageServices = 6000;

        /// <summary>Services that call grains.</summary>
        public const int RuntimeGrainServices = 8000;

        /// <summary>After the services that call grains.</summary>
        public const int AfterRuntimeGrainServices = 8100;

        /// <summary>The application's services; grain storage initializes here.</summary>
        public const int ApplicationServices = 10000;

        /// <summary>The silo serves.</summary>
        public const int Active = 20000;

        /// <summary>Just before the silo serves.</summary>
        public const int BecomeActive = Active - 1;

        /// <summary>At stop: grains are deactivated.</summary>
        public const int GrainDeactivation = BecomeActive - 1;

        /// <summary>After everything.</summary>
        public const int Last = int.MaxValue;
    }
}

namespace Orleans.Runtime
{
    /// <summary>The stages of a grain's activation.</summary>
    public static class GrainLifecycleStage
    {
        /// <summary>Before everything.</summary>
        public const int First = int.MinValue;

        /// <summary>Stored state is read.</summary>
        public const int SetupState = 1000;

        /// <summary>The grain's <c>OnActivateAsync</c> runs.</summary>
        public const int Activate = 2000;

        /// <summary>After everything.</summary>
        public const int Last = int.MaxValue;
    }
}

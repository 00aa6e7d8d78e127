using System.Globalization;

namespace Orleans;

/// <summary>Grains of this class stay in memory until the silo stops or they deactivate themselves.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public class KeepAliveAttribute : Attribute;

/// <summary>How long grains of this class stay in memory without use.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public class CollectionAgeLimitAttribute : Attribute
{
    /// <summary>The time is the sum of the properties.</summary>
    public CollectionAgeLimitAttribute()
    {
    }

    /// <summary>The time as text.</summary>
    /// <param name="inactivityPeriod">As <see cref="TimeSpan.Parse(string)"/> takes it.</param>
    public CollectionAgeLimitAttribute(string inactivityPeriod) =>
        Days = TimeSpan.Parse(inactivityPeriod, CultureInfo.InvariantCulture).TotalDays;

    /// <summary>Days.</summary>
    public double Days { get; set; }

    /// <summary>Hours.</summary>
    public double Hours { get; set; }

    /// <summary>Minutes.</summary>
    public double Minutes { get; set; }

    internal TimeSpan Age => TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
}

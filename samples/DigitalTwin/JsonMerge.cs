using System.Text.Json.Nodes;

namespace OrleansMqtt.Samples.DigitalTwin;

/// <summary>Puts JSON objects together and compares them.</summary>
public static class JsonMerge
{
    /// <summary>Changes an object as JSON Merge Patch (RFC 7396) says: what is null goes, objects are merged, anything else is replaced.</summary>
    /// <param name="target">The object.</param>
    /// <param name="patch">What changes.</param>
    public static void Apply(JsonObject target, JsonObject patch)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(patch);
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                if (target[name] is not JsonObject) target[name] = new JsonObject();
                Apply(target[name]!.AsObject(), inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    /// <summary>What one object has that another has not, or has otherwise.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    public static JsonObject Difference(JsonObject one, JsonObject other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        var difference = new JsonObject();
        foreach (var (name, value) in one)
        {
            if (value is JsonObject inner && other[name] is JsonObject counterpart)
            {
                var below = Difference(inner, counterpart);
                if (below.Count > 0) difference[name] = below;
            }
            else if (!JsonNode.DeepEquals(value, other[name]))
            {
                difference[name] = value?.DeepClone();
            }
        }
        return difference;
    }
}

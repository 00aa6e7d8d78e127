namespace OrleansMqtt.Actors.Tests.Signatures;

/// <summary>What would break code that compiles against one of two types when it is compiled against the other.</summary>
internal static class SignatureComparison
{
    /// <summary>One sentence for each difference.</summary>
    /// <param name="ours">May have less than the real type, not more and nothing else.</param>
    /// <param name="real">The type of Orleans.</param>
    /// <param name="implementedByUsers">Whether code of ours implements the interface, so that it must be complete.</param>
    public static IEnumerable<string> Differences(PublicType ours, PublicType real, bool implementedByUsers)
    {
        foreach (var (aspect, value) in ours.Shape)
        {
            if (value != real.Shape[aspect])
            {
                yield return $"{ours.Name}: its {aspect} is \"{value}\", in Orleans \"{real.Shape[aspect]}\".";
            }
        }

        foreach (var name in ours.Interfaces.Except(real.Interfaces))
        {
            yield return $"{ours.Name} implements {name}, in Orleans it does not.";
        }

        foreach (var (name, member) in ours.Members)
        {
            if (!real.Members.TryGetValue(name, out var counterpart))
            {
                // An override adds nothing that a caller could not call on the base.
                if (!member.IsOverride)
                {
                    yield return $"{ours.Name} has {name}, Orleans does not.{Similar(real, name)}";
                }
            }
            else if (member.Description != counterpart.Description)
            {
                yield return $"{ours.Name}.{name} is \"{member.Description}\", in Orleans \"{counterpart.Description}\".";
            }
        }

        foreach (var (name, member) in real.Members)
        {
            if ((ours.IsEnum || (implementedByUsers && member.MustBeImplemented)) && !ours.Members.ContainsKey(name))
            {
                yield return $"{ours.Name} lacks {name}, which nobody may leave out: {member.Description}.";
            }
        }
    }

    private static string Similar(PublicType real, string name)
    {
        var method = name.Split('(', '`')[0] + "(";
        var similar = real.Members.Keys.Where(key => (key.Split('(', '`')[0] + "(") == method).ToArray();
        return similar.Length == 0 ? "" : " It has " + string.Join("; ", similar) + ".";
    }
}

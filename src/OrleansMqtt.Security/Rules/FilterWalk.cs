namespace OrleansMqtt.Security.Rules;

/// <summary>Finds the rules of a tree that have topics in common with a topic filter, and which of them have all of its topics.</summary>
internal ref struct FilterWalk(in AuthorizationRequest request)
{
    private const RuleFindings Everything = RuleFindings.AllowsAll | RuleFindings.DeniesAll;

    private readonly AuthorizationRequest _request = request;
    private readonly RuleClient _client = new(request.ClientId, request.Identity.UserName);
    private readonly ReadOnlySpan<char> _filter = request.Topic;
    private RuleFindings _findings;

    // The first level is a wildcard, which does not match what begins with '$' [MQTT-4.7.2-1].
    private readonly bool IsWild => _filter is ['+' or '#', ..];

    /// <summary>Walks.</summary>
    public RuleFindings Over(RuleNode root)
    {
        Visit(root, 0, covers: true);
        return _findings;
    }

    // covers: whether the levels so far match every topic that those of the filter do.
    private void Visit(RuleNode node, int position, bool covers)
    {
        if (_findings == Everything) return;
        var hidden = position == 0 && _filter is ['$', ..];
        if (!hidden) Note(node.Below, covers);
        if (position > _filter.Length)
        {
            Note(node.Here, covers);
            return;
        }
        var level = Levels.At(_filter, position);
        var next = position + level.Length + 1;
        switch (level)
        {
            case "#":
                VisitAll(node, isFirst: position == 0);
                break;
            case "+":
                if (node.Any is { } any) Visit(any, next, covers);
                foreach (var (name, behind) in node.Named)
                    if (!IsHiddenName(name, isFirst: position == 0)) Visit(behind, next, covers: false);
                break;
            default:
                if (node.Find(level) is { } named) Visit(named, next, covers);
                if (node.Any is { } every && !hidden) Visit(every, next, covers);
                break;
        }
        if (level is not "#") VisitTemplates(node, level, position, covers);
    }

    private void VisitTemplates(RuleNode node, ReadOnlySpan<char> level, int position, bool covers)
    {
        var next = position + level.Length + 1;
        foreach (var (template, behind) in node.Templates)
        {
            if (IsHiddenName(template.Text, isFirst: position == 0)) continue;
            var fit = template.For(_client, isFirst: position == 0);
            if (fit == LevelFit.Unusable) NoteUnfilled(behind, covers);
            else if (fit == LevelFit.Name && level is "+") Visit(behind, next, covers: false);
            else if (fit == LevelFit.Name && template.Matches(level, _client)) Visit(behind, next, covers);
        }
    }

    // All rules from here on have topics in common with a filter that ends with '#', and of those only '#' itself has all: it has been seen.
    private void VisitAll(RuleNode node, bool isFirst)
    {
        if (_findings.HasFlag(RuleFindings.AllowsSome | RuleFindings.DeniesSome)) return;
        Note(node.Here, covers: false);
        Note(node.Below, covers: false);
        if (node.Any is { } any) VisitAll(any, isFirst: false);
        foreach (var (name, behind) in node.Named)
            if (!IsHiddenName(name, isFirst)) VisitAll(behind, isFirst: false);
        foreach (var (template, behind) in node.Templates)
        {
            var fit = template.For(_client, isFirst);
            if (IsHiddenName(template.Text, isFirst)) continue;
            if (fit == LevelFit.Name) VisitAll(behind, isFirst: false);
            else if (fit == LevelFit.Unusable) NoteUnfilled(behind, covers: false);
        }
    }

    private readonly bool IsHiddenName(string name, bool isFirst) => isFirst && IsWild && name is ['$', ..];

    private void NoteUnfilled(RuleNode behind, bool covers)
    {
        if (behind.Refuses(_request)) _findings |= covers ? RuleFindings.DeniesAll : RuleFindings.DeniesSome;
    }

    private void Note(TopicRule[] rules, bool covers)
    {
        foreach (var rule in rules)
        {
            if (!rule.IsAbout(_request)) continue;
            _findings |= (rule.Allows, covers) switch
            {
                (true, true) => RuleFindings.AllowsAll,
                (true, false) => RuleFindings.AllowsSome,
                (false, true) => RuleFindings.DeniesAll,
                (false, false) => RuleFindings.DeniesSome,
            };
        }
    }
}

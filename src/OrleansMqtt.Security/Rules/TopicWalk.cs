namespace OrleansMqtt.Security.Rules;

/// <summary>Finds the rules of a tree that a topic name meets.</summary>
internal ref struct TopicWalk(in AuthorizationRequest request)
{
    private readonly AuthorizationRequest _request = request;
    private readonly RuleClient _client = new(request.ClientId, request.Identity.UserName);
    private readonly ReadOnlySpan<char> _topic = request.Topic;
    private RuleFindings _findings;

    /// <summary>Walks.</summary>
    public RuleFindings Over(RuleNode root)
    {
        Visit(root, 0);
        return _findings;
    }

    private void Visit(RuleNode node, int position)
    {
        // Wildcards in the first level do not match names that begin with '$' [MQTT-4.7.2-1].
        var hidden = position == 0 && _topic is ['$', ..];
        if (!hidden) Note(node.Below);
        if (position > _topic.Length)
        {
            Note(node.Here);
            return;
        }
        var level = Levels.At(_topic, position);
        var next = position + level.Length + 1;
        if (node.Find(level) is { } named) Visit(named, next);
        if (node.Any is { } any && !hidden) Visit(any, next);
        foreach (var (template, behind) in node.Templates)
        {
            var fit = template.For(_client, isFirst: position == 0);
            if (fit == LevelFit.Unusable && behind.Refuses(_request)) _findings |= RuleFindings.DeniesAll;
            else if (fit == LevelFit.Name && template.Matches(level, _client)) Visit(behind, next);
        }
    }

    private void Note(TopicRule[] rules)
    {
        foreach (var rule in rules)
            if (rule.IsAbout(_request)) _findings |= rule.Allows ? RuleFindings.AllowsAll : RuleFindings.DeniesAll;
    }
}

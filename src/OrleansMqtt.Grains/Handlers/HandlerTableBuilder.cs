using System.Collections.Immutable;
using System.Reflection;
using OrleansMqtt.Grains.Handlers.Filters;
using OrleansMqtt.Handlers;
using OrleansMqtt.Handlers.Payloads;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>Finds the handlers among grain classes, and refuses those that are wrong.</summary>
/// <param name="codecs">Codecs of payloads.</param>
/// <param name="grainTypeOf">The grain type of a class.</param>
internal sealed partial class HandlerTableBuilder(PayloadCodecs codecs, Func<Type, GrainType> grainTypeOf)
{
    private const string ClassMethod = "On";
    private const double LongestTimeout = 1800;
    private const int MostAttempts = 1000, LongestBackOff = 60_000;
    private readonly ImmutableArray<TopicHandler>.Builder _handlers = ImmutableArray.CreateBuilder<TopicHandler>();
    private readonly List<string> _problems = [];

    /// <summary>The table of these classes' handlers.</summary>
    /// <exception cref="OrleansConfigurationException">With one sentence for everything that is wrong.</exception>
    public HandlerTable Build(IEnumerable<Type> classes)
    {
        foreach (var type in classes.OrderBy(static type => type.FullName, StringComparer.Ordinal)) AddClass(type);
        RequireDifferent(static handler => handler.Name, static (one, other) => $"{one.Origin} and {other.Origin} both have a handler named {one.Name}: set Name of one of them.");
        RequireDifferent(
            static handler => handler.Canonical,
            static (one, other) => one.Filter is null
                ? $"{one.Name} and {other.Name} are handlers of the same topics with the same key: \"{one.Template.Filter}\" is to go to one of them."
                : $"{one.Name} and {other.Name} are filters of the same topics, \"{one.Template.Filter}\", with the same key: set Order of one of them.");
        if (FilterCircles.Find(_handlers) is { } circle)
            _problems.Add($"Filters might move messages round in a circle: {string.Join(", ", circle.SkipLast(1).Select(static filter => $"{filter.Name} to \"{filter.Filter!.MovesTo!.Filter}\""))}, and so to {circle[0].Name} again.");
        return _problems.Count == 0 ? new HandlerTable(_handlers.ToImmutable()) : throw new OrleansConfigurationException(string.Join(Environment.NewLine, _problems));
    }

    private void AddClass(Type type)
    {
        var attributes = type.GetCustomAttributes<TopicHandlerAttribute>(inherit: false).Select(attribute => (attribute, type.Name, (MethodInfo?)null))
            .Concat(type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .SelectMany(method => method.GetCustomAttributes<TopicHandlerAttribute>(inherit: true).Select(attribute => (attribute, $"{type.Name}.{method.Name}", (MethodInfo?)method))))
            .ToList();
        var isHandler = typeof(ITopicHandlerGrain).IsAssignableFrom(type);
        if (attributes.Count == 0 && isHandler) _problems.Add($"{type} implements ITopicHandlerGrain, but neither it nor a method of it has [TopicHandler].");
        if (attributes.Count > 0 && !isHandler) _problems.Add($"{type} has [TopicHandler], but does not implement ITopicHandlerGrain.");
        else if (type.ContainsGenericParameters) _problems.Add($"{type} is generic: a handler has to be one class.");
        else
            foreach (var (attribute, name, method) in attributes) AddHandler(type, attribute, attribute.Name ?? name, method);
    }

    private void AddHandler(Type type, TopicHandlerAttribute attribute, string name, MethodInfo? method)
    {
        var before = _problems.Count;
        var template = TopicTemplate.Parse(attribute.Template, out var problem);
        if (template is null) Refuse($"its template \"{attribute.Template}\" is malformed: {problem}");
        var key = template is null ? null : KeyTemplate.Parse(attribute.Key, template, out problem);
        if (template is not null && key is null) Refuse($"its Key \"{attribute.Key}\" is malformed: {problem}");
        Check(attribute, name, Refuse);
        var filter = RoleOf(attribute, attribute.Filter, template, "set Filter", Refuse);
        var compiled = (method ?? FindMethod(type, Refuse)) is { } found ? Compile(found, attribute, Refuse) : null;
        var grainType = TypeOf(type, Refuse);
        if (_problems.Count > before) return;
        _handlers.Add(new TopicHandler
        {
            Name = name, Class = type, GrainType = grainType, Template = template!, Key = key!, Method = compiled!, Ack = attribute.Ack,
            Filter = filter,
            Timeout = TimeSpan.FromSeconds(attribute.TimeoutSeconds), Attempts = attribute.Attempts, BackOff = TimeSpan.FromMilliseconds(attribute.BackOffMilliseconds),
        });

        void Refuse(string why) => _problems.Add($"The handler {name} is refused: {why}.");
    }

    private static FilterRole? RoleOf(TopicHandlerAttribute options, bool isFilter, TopicTemplate? topics, string remedy, Action<string> refuse)
    {
        var problem = "";
        var movesTo = options.MovesTo is null ? null : TopicTemplate.Parse(options.MovesTo, out problem);
        if (options.MovesTo is not null && movesTo is null) refuse($"its MovesTo \"{options.MovesTo}\" is malformed: {problem}");
        if (!isFilter && (options.MovesTo is not null || options.Order != 0)) refuse($"Order and MovesTo are for filters: {remedy}");
        return isFilter && topics is not null ? new FilterRole(options.Order, topics, movesTo) : null;
    }

    private static void Check(TopicHandlerAttribute options, string name, Action<string> refuse)
    {
        if (!TopicName.IsValid(name) || name.Contains('/', StringComparison.Ordinal)) refuse("its name is no topic level");
        if (options.TimeoutSeconds is not (> 0 and <= LongestTimeout)) refuse($"TimeoutSeconds has to be above 0 and at most {LongestTimeout}");
        if (options.Attempts is < 1 or > MostAttempts) refuse($"Attempts has to be 1 to {MostAttempts}");
        if (options.BackOffMilliseconds is < 0 or > LongestBackOff) refuse($"BackOffMilliseconds has to be 0 to {LongestBackOff}");
        if (!Enum.IsDefined(options.Ack)) refuse($"{options.Ack} is no AckMode");
    }

    private GrainType TypeOf(Type type, Action<string> refuse)
    {
        try
        {
            return grainTypeOf(type);
        }
        catch (ArgumentException)
        {
            refuse("its class is no grain class of this process");
            return default;
        }
    }

    private static MethodInfo? FindMethod(Type type, Action<string> refuse)
    {
        var candidates = type.GetMethods(BindingFlags.Instance | BindingFlags.Public).Where(static method => method.Name == ClassMethod).ToList();
        if (candidates.Count != 1) refuse($"its class has {(candidates.Count == 0 ? "no public method" : "more than one public method")} {ClassMethod}");
        return candidates.Count == 1 ? candidates[0] : null;
    }

    private HandlerMethod? Compile(MethodInfo method, TopicHandlerAttribute attribute, Action<string> refuse)
    {
        var parameters = Array.ConvertAll(method.GetParameters(), static parameter => parameter.ParameterType);
        if (method.ReturnType == typeof(Task<FilterDecision>) || method.ReturnType == typeof(ValueTask<FilterDecision>) ? !attribute.Filter : attribute.Filter)
        {
            refuse(attribute.Filter ? $"{method.Name} has to return Task<FilterDecision> or ValueTask<FilterDecision>, as it is a filter" : $"{method.Name} returns a FilterDecision, which is for filters: set Filter");
            return null;
        }
        if (method.IsStatic || !method.IsPublic || method.IsGenericMethod || (!attribute.Filter && method.ReturnType != typeof(Task) && method.ReturnType != typeof(ValueTask))
            || parameters is not ([_] or [_, _]) || parameters[0] != typeof(TopicContext))
        {
            refuse($"{method.Name} has to be a public method that {(attribute.Filter ? "" : "returns Task or ValueTask and ")}takes a TopicContext and, if it wants it, the payload");
            return null;
        }
        if (parameters.Length == 1)
        {
            if (attribute.Codec is not null) refuse($"it has a Codec, but {method.Name} does not take the payload");
            return HandlerMethod.Of(method);
        }
        var payload = parameters[1];
        var codec = payload.IsByRef || payload.IsByRefLike || payload.IsPointer ? null : CodecOf(payload, attribute);
        if (codec is null)
        {
            refuse(attribute.Codec is { } named && !payload.IsByRefLike && !payload.IsByRef
                ? $"{named} is no class that implements IPayloadCodec of {payload}"
                : payload == typeof(bool)
                    ? "TrueWords and FalseWords have to be two lists of different words"
                    : $"payloads of type {payload} are not supported: a class that implements IPayloadCodec of it would make them so");
            return null;
        }
        return HandlerMethod.Of(method, payload, codec);
    }

    private object? CodecOf(Type payload, TopicHandlerAttribute attribute)
    {
        if (attribute.Codec is { } named) return codecs.Create(named, payload);
        var standard = codecs.Of(payload);
        return standard is BooleanCodec ? BooleanCodec.Create(attribute.TrueWords, attribute.FalseWords) : standard;
    }

    private void RequireDifferent(Func<TopicHandler, string?> what, Func<TopicHandler, TopicHandler, string> sentence)
    {
        foreach (var same in _handlers.GroupBy(what).Where(static same => same.Key is not null && same.Count() > 1))
        {
            var both = same.Take(2).ToList();
            _problems.Add(sentence(both[0], both[1]));
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansMqtt.Cli.Import;

/// <summary>The gateway's settings as they are made, and what could not be taken over.</summary>
internal sealed class ImportedSettings
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly JsonObject _root = [];
    private readonly List<ImportNote> _notes = [];

    /// <summary>What could not be taken over, or not as it stands, by file and line.</summary>
    public IReadOnlyList<ImportNote> Notes => [.. _notes.OrderBy(static note => note.Line.File, StringComparer.Ordinal).ThenBy(static note => note.Line.Number)];

    /// <summary>The settings as the text of an appsettings.json.</summary>
    public string Json => _root.ToJsonString(Indented);

    /// <summary>Sets a value by its key, as in <c>Limits:MaxPacketBytes</c>.</summary>
    public void Set(string key, JsonNode value)
    {
        var (section, names) = (_root, key.Split(':'));
        foreach (var name in names[..^1])
        {
            if (section[name] is not JsonObject next) section[name] = next = [];
            section = next;
        }
        section[names[^1]] = value;
    }

    /// <summary>Notes a line.</summary>
    public void Note(MosquittoLine line, string reason) => _notes.Add(new ImportNote(line, reason));
}

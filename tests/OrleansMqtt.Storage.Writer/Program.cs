using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Writer;

// acknowledge DIRECTORY LEVEL SESSIONS           appends until it is killed; prints "session position" when an append is acknowledged
// measure DIRECTORY LEVEL SESSIONS SECONDS BYTES appends for a time, keeping 1,000 messages a session; prints what it did
if (args is not [var mode, var directory, var level, var sessions, .. var rest] || !StoreDurability.TryParse(level, out var durability))
{
    Console.Error.WriteLine("acknowledge DIRECTORY LEVEL SESSIONS | measure DIRECTORY LEVEL SESSIONS SECONDS BYTES");
    return 2;
}
using var store = Appending.Open(directory, durability);
var count = int.Parse(sessions, null);
if (mode == "acknowledge") await Appending.AcknowledgeAsync(store, count);
else await Appending.MeasureAsync(store, count, TimeSpan.FromSeconds(int.Parse(rest[0], null)), int.Parse(rest[1], null));
return 0;

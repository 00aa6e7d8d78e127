using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Writer;

// acknowledge DIRECTORY LEVEL SESSIONS           appends until it is killed; prints "session position" when an append is acknowledged, "full" when there is no space
// measure DIRECTORY LEVEL SESSIONS SECONDS BYTES [READERS] [DROPPED]
//     appends for a time, keeping 1,000 messages a session, with so many readers that never pause; a log of so many entries is deleted
//     meanwhile; prints what it did
if (args is not [var mode, var directory, var level, var sessions, .. var rest] || !StoreDurability.TryParse(level, out var durability))
{
    Console.Error.WriteLine("acknowledge DIRECTORY LEVEL SESSIONS | measure DIRECTORY LEVEL SESSIONS SECONDS BYTES [READERS] [DROPPED]");
    return 2;
}
using var store = Appending.Open(directory, durability);
var count = int.Parse(sessions, null);
if (mode == "acknowledge") await Appending.AcknowledgeAsync(store, count);
else
{
    var numbers = rest.Select(static n => int.Parse(n, null)).ToArray();
    await Appending.MeasureAsync(store, count, TimeSpan.FromSeconds(numbers[0]), numbers[1], numbers.ElementAtOrDefault(2), numbers.ElementAtOrDefault(3));
}
return 0;

using OrleansMqtt.Messages;

namespace OrleansMqtt.Handlers;

/// <summary>What was applied of one source, as part of <see cref="AppliedMessages"/>.</summary>
[GenerateSerializer, Alias("OrleansMqtt.AppliedSource")]
public sealed class AppliedSource
{
    private const int PastEpochs = 4;

    /// <summary>What numbers the messages.</summary>
    [Id(0)] public string Source { get; set; } = "";

    /// <summary>Numbers that were applied and may come again, in order.</summary>
    [Id(1)] public List<MessageNumber> Numbers { get; set; } = [];

    /// <summary>Of those that have fallen below a floor since, the highest of each of the latest epochs, in order: a router that was given up may bring some of them late.</summary>
    [Id(2)] public List<MessageNumber> Past { get; set; } = [];

    internal bool TryAdd(MessageNumber number, MessageNumber floor)
    {
        while (Numbers.Count > 0 && Numbers[0] < floor)
        {
            Forget(Numbers[0]);
            Numbers.RemoveAt(0);
        }
        if (Contains(number)) return false;
        // In order mostly.
        var at = Numbers.Count;
        while (at > 0 && Numbers[at - 1] > number) at--;
        Numbers.Insert(at, number);
        return true;
    }

    internal bool Contains(MessageNumber number) => Numbers.Contains(number) || Past.Exists(past => past.Epoch == number.Epoch && number.Count <= past.Count);

    private void Forget(MessageNumber number)
    {
        var at = Past.FindIndex(past => past.Epoch >= number.Epoch);
        if (at < 0) Past.Add(number);
        else if (Past[at].Epoch > number.Epoch) Past.Insert(at, number);
        else if (Past[at] < number) Past[at] = number;
        if (Past.Count > PastEpochs) Past.RemoveAt(0);
    }
}

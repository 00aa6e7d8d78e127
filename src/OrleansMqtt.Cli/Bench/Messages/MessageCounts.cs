using OrleansMqtt.Cli.Bench.Measuring;

namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>The accounts of a run, warm-up included.</summary>
/// <param name="Sent">Messages that publishers sent.</param>
/// <param name="Acknowledged">Of these, those that the broker took; 0 at QoS 0, where it does not say.</param>
/// <param name="Refused">Of these, those that the broker did not take.</param>
/// <param name="Expected">Copies that subscribers should get of those not refused.</param>
/// <param name="Received">Copies that came, duplicates among them.</param>
/// <param name="Lost">Copies that did not come.</param>
/// <param name="Duplicated">Copies that had come before.</param>
/// <param name="Reordered">Copies that came after a later one of the same publisher.</param>
/// <param name="Stray">Messages that no publisher of this run can have sent.</param>
internal sealed record MessageCounts(
    long Sent, long Acknowledged, long Refused, long Expected, long Received, long Lost, long Duplicated, long Reordered, long Stray)
{
    /// <summary>Whether nothing is under way any more.</summary>
    /// <param name="acknowledges">Whether the broker acknowledges at this QoS.</param>
    public bool IsComplete(bool acknowledges) => Lost == 0 && (!acknowledges || Acknowledged + Refused >= Sent);

    /// <summary>Draws up the accounts.</summary>
    /// <param name="sent">Messages sent.</param>
    /// <param name="acknowledged">Messages that the broker took.</param>
    /// <param name="refused">Messages that the broker refused.</param>
    /// <param name="copies">Subscribers that should get each message.</param>
    /// <param name="ledgers">What each subscriber received.</param>
    public static MessageCounts Of(long sent, long acknowledged, long refused, int copies, IEnumerable<ReceiptLedger> ledgers)
    {
        var (received, duplicated, reordered, stray) = (0L, 0L, 0L, 0L);
        foreach (var ledger in ledgers)
        {
            received += ledger.Received;
            duplicated += ledger.Duplicated;
            reordered += ledger.Reordered;
            stray += ledger.Stray;
        }

        var expected = (sent - refused) * copies;
        var lost = Math.Max(0, expected - (received - duplicated)); // A refused message may have been delivered none the less.
        return new MessageCounts(sent, acknowledged, refused, expected, received, lost, duplicated, reordered, stray);
    }
}

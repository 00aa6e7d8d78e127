"""Subscription identifiers: returned with each message, replaced by a new SUBSCRIBE, absent when none was given."""
from scenario import *


def identifiers(message):
    return getattr(message.properties, "SubscriptionIdentifier", [])


client = Client("sub").connect()
client.subscribe(topic("a"), 1, identifier=7)
client.publish(topic("a"), b"", 1)
equal(identifiers(client.next()), [7])

client.subscribe(topic("a"), 1, identifier=268_435_455)
client.publish(topic("a"), b"", 1)
equal(identifiers(client.next()), [268_435_455], "replaced")

client.subscribe(topic("a"), 1)
client.publish(topic("a"), b"", 1)
equal(identifiers(client.next()), [], "removed")

# Overlapping: one message with both identifiers, or one message for each; the specification allows either.
client.subscribe(topic("b"), 1, identifier=1)
client.subscribe(topic("+"), 1, identifier=2)
client.publish(topic("b"), b"", 1)
seen = []
while len(seen) < 2:
    seen += identifiers(client.next())
equal(sorted(seen), [1, 2], "overlapping")

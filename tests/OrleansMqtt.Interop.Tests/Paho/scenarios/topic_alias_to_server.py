"""A publisher's topic aliases: set, used, set anew; unknown to the next connection."""
from scenario import *

subscriber = Client("sub").connect()
subscriber.subscribe(topic("#"), 1)
publisher = Client("pub").connect()
maximum = getattr(publisher.properties, "TopicAliasMaximum", 0)
assert maximum > 0, "the broker takes no topic alias"


def next_is(name, payload):
    message = subscriber.next()
    equal((message.topic, message.payload), (topic(name), payload))


publisher.publish(topic("one"), b"1", 1, TopicAlias=1)
publisher.publish("", b"2", 1, TopicAlias=1)
publisher.publish(topic("two"), b"3", 1, TopicAlias=maximum)
publisher.publish("", b"4", 0, TopicAlias=maximum)
publisher.publish("", b"5", 2, TopicAlias=1)
publisher.publish(topic("three"), b"6", 1, TopicAlias=1)
publisher.publish("", b"7", 1, TopicAlias=1)
for name, payload in (("one", b"1"), ("one", b"2"), ("two", b"3"), ("two", b"4"), ("one", b"5"), ("three", b"6"), ("three", b"7")):
    next_is(name, payload)
publisher.disconnect()

# Aliases end with their connection: using one is now a protocol error, answered by DISCONNECT.
publisher = Client("pub").connect()
publisher.paho.publish("", b"8", 1, properties=properties(PacketTypes.PUBLISH, TopicAlias=1))
reason = publisher.wait_closed()
assert reason in (0x82, 0x94), f"DISCONNECT {reason:#x}, expected 0x82 or 0x94"

publisher = Client("pub").connect()
publisher.paho.publish(topic("over"), b"9", 1, properties=properties(PacketTypes.PUBLISH, TopicAlias=maximum + 1))
equal(publisher.wait_closed(), 0x94, "an alias above the announced maximum")

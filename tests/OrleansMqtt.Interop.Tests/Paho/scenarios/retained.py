"""Retained messages: kept, replaced, marked, cleared."""
from scenario import *

publisher = Client("pub").connect()
live = Client("live").connect()
live.subscribe(topic("+"), 1)
publisher.publish(topic("a"), b"one", 1, retain=True)
publisher.publish(topic("a"), b"two", 1, retain=True)
for payload in (b"one", b"two"):
    message = live.next()
    equal((message.payload, message.retain), (payload, False))

late = Client("late").connect()
late.subscribe(topic("a"), 2)
message = late.next()
equal((message.payload, message.retain, message.qos), (b"two", True, 1))

publisher.publish(topic("a"), b"", 1, retain=True)
later = Client("later").connect()
later.subscribe(topic("a"), 2)
publisher.publish(topic("a"), b"plain", 1)
later.expect(b"plain")

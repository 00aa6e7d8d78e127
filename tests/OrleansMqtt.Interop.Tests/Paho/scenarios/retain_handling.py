"""Retain Handling 0, 1 and 2, and Retain As Published."""
from scenario import *

publisher = Client("pub").connect()
publisher.publish(topic("kept"), b"kept", 1, retain=True)


def received(client):
    """What came for the last SUBSCRIBE: the retained messages, up to a live one."""
    publisher.publish(topic("kept"), b"mark", 1)
    payloads = []
    while (message := client.next()).payload != b"mark":
        payloads.append((message.payload, message.retain))
    return payloads


client = Client("always").connect()
for _ in range(2):
    client.subscribe(topic("kept"), 1, retainHandling=0)
    equal(received(client), [(b"kept", True)], "retain handling 0")

client = Client("new").connect()
client.subscribe(topic("kept"), 1, retainHandling=1)
equal(received(client), [(b"kept", True)], "retain handling 1, new subscription")
client.subscribe(topic("kept"), 1, retainHandling=1)
equal(received(client), [], "retain handling 1, existing subscription")

client = Client("never").connect()
client.subscribe(topic("kept"), 1, retainHandling=2)
equal(received(client), [], "retain handling 2")

client = Client("published").connect()
client.subscribe(topic("live"), 1, retainAsPublished=True)
publisher.publish(topic("live"), b"x", 1, retain=True)
equal(client.next().retain, True, "retain as published")
publisher.publish(topic("live"), b"y", 1, retain=False)
equal(client.next().retain, False, "retain as published")

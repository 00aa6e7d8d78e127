"""1000 messages of each QoS, published without waiting, arrive in order, each once."""
from scenario import *

COUNT = 1000
subscriber = Client("sub").connect()
publisher = Client("pub").connect()
publisher.paho.max_queued_messages_set(0)
for qos in (1, 2, 0):
    subscriber.subscribe(topic(f"order/{qos}"), qos)
    for n in range(COUNT):
        publisher.paho.publish(topic(f"order/{qos}"), b"%d" % n, qos)
    subscriber.expect(*[b"%d" % n for n in range(COUNT)])

subscriber.subscribe(topic("end"), 2)
publisher.publish(topic("end"), b"end", 2)
subscriber.expect(b"end")

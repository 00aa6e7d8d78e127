"""A session away keeps its QoS 1 and 2 messages, in order."""
from scenario import *

expiry = {"SessionExpiryInterval": 60} if V5 else {}
publisher = Client("pub").connect()
for qos in (1, 2):
    away = Client(f"away{qos}", clean=False).connect(**expiry)
    away.subscribe(topic("#"), qos)
    away.disconnect()
    for n in range(50):
        publisher.publish(topic(f"t/{n % 3}"), b"%d" % n, qos)

    back = Client(f"away{qos}", clean=False).connect(**expiry)
    for n in range(50):
        message = back.next()
        equal((message.topic, message.payload, message.qos), (topic(f"t/{n % 3}"), b"%d" % n, qos))
    back.disconnect()

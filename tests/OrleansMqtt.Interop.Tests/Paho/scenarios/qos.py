"""Every QoS up and down: a message comes with the lower of its own and the granted QoS."""
from scenario import *

for granted in range(3):
    here = topic(f"qos/{granted}")
    client = Client(f"c{granted}").connect()
    equal(client.subscribe(here, granted), granted, "SUBACK")
    for qos in range(3):
        client.publish(here, b"%d" % qos, qos)
    received = sorted((message.payload, message.qos, message.retain, message.dup) for message in (client.next() for _ in range(3)))
    equal(received, [(b"%d" % qos, min(qos, granted), False, False) for qos in range(3)])
    client.disconnect()

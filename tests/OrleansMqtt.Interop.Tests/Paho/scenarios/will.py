"""A will is published when the connection is lost, not after DISCONNECT; version 5 can ask for it in DISCONNECT."""
from scenario import *

watcher = Client("watch").connect()
watcher.subscribe(topic("will/#"), 2)

for qos in range(3):
    Client(f"lost{qos}").will(topic("will/lost"), b"lost %d" % qos, qos).connect().drop()
    message = watcher.next()
    equal((message.payload, message.qos, message.retain), (b"lost %d" % qos, qos, False))

Client("polite").will(topic("will/polite"), b"not to be seen", 1).connect().disconnect()
if V5:
    Client("asking").will(topic("will/asked"), b"asked for", 1).connect().disconnect(mqtt.ReasonCodes(PacketTypes.DISCONNECT, identifier=4))
    watcher.expect(b"asked for")

Client("kept").will(topic("will/kept"), b"kept", 1, retain=True).connect().drop()
watcher.expect(b"kept")
late = Client("late").connect()
late.subscribe(topic("will/kept"), 1)
equal(late.next().retain, True)
watcher.publish(topic("will/kept"), b"", 1, retain=True)

"""Session present, and what a session keeps."""
from scenario import *

expiry = {"SessionExpiryInterval": 60} if V5 else {}


def present(client, expected, what):
    if VERSION != 3:  # MQTT 3.1 has no such flag
        equal(client.session_present, expected, what)


first = Client("s", clean=True).connect(**expiry)
present(first, 0, "a clean start")
first.disconnect()

second = Client("s", clean=False).connect(**expiry)
present(second, 1 if V5 else 0, "after the clean one")
second.subscribe(topic("kept"), 1)
second.disconnect()

publisher = Client("pub").connect()
publisher.publish(topic("kept"), b"while away", 1)
third = Client("s", clean=False).connect(**expiry)
present(third, 1, "a session left behind")
third.expect(b"while away")
publisher.publish(topic("kept"), b"live", 1)
third.expect(b"live")
third.disconnect()

fourth = Client("s", clean=True).connect(**expiry)
present(fourth, 0, "a clean start discards")
publisher.publish(topic("kept"), b"not for it", 1)
fourth.subscribe(topic("end"), 1)
publisher.publish(topic("end"), b"end", 1)
fourth.expect(b"end")

"""After UNSUBACK nothing more comes; version 5 tells whether there was a subscription."""
from scenario import *

client = Client("c").connect()
client.subscribe(topic("a"), 1)
client.subscribe(topic("b"), 1)
code = client.unsubscribe(topic("a"))
equal(code, 0 if V5 else None)
code = client.unsubscribe(topic("a"))
equal(code, 0x11 if V5 else None, "no subscription existed")
client.publish(topic("a"), b"not wanted", 1)
client.publish(topic("b"), b"wanted", 1)
client.expect(b"wanted")

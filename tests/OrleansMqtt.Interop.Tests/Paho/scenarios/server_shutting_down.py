"""Says so when it is subscribed, and then expects the broker's DISCONNECT with 0x8B (version 5)."""
from scenario import *

client = Client("c").connect()
client.subscribe(topic("x"), 1)
print("ready", flush=True)
reason = client.wait_closed()
if V5:
    equal(reason, 0x8B, "DISCONNECT")

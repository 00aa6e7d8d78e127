"""A second connection with the same client identifier ends the first and takes its session."""
from scenario import *

expiry = {"SessionExpiryInterval": 60} if V5 else {}
first = Client("same", clean=False).connect(**expiry)
first.subscribe(topic("x"), 1)
second = Client("same", clean=False).connect(**expiry)
reason = first.wait_closed()
if V5:
    equal(reason, 0x8E, "DISCONNECT to the first")
if VERSION != 3:
    equal(second.session_present, 1)

Client("pub").connect().publish(topic("x"), b"for the second", 1)
second.expect(b"for the second")

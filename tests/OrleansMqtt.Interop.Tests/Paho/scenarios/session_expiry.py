"""A session ends when its expiry interval has passed, and not before; DISCONNECT can change the interval."""
from scenario import *

brief = Client("brief").connect(SessionExpiryInterval=1)
long = Client("long").connect(SessionExpiryInterval=600)
shortened = Client("short").connect(SessionExpiryInterval=600)
for client in (brief, long, shortened):
    client.subscribe(topic("x"), 1)
brief.disconnect()
long.disconnect()
shortened.disconnect(SessionExpiryInterval=0)
wait_broker_seconds(3)

equal(Client("brief", clean=False).connect().session_present, 0, "1 s")
equal(Client("long", clean=False).connect().session_present, 1, "600 s")
equal(Client("short", clean=False).connect().session_present, 0, "ended by DISCONNECT")

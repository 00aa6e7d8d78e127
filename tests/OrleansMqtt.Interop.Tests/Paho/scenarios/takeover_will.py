"""A connection that is taken over ends without DISCONNECT of its own: its will, if not delayed, is published."""
from scenario import *

expiry = {"SessionExpiryInterval": 60} if V5 else {}
watcher = Client("watch").connect()
watcher.subscribe(topic("will/#"), 1)
for clean in (True, False):
    first = Client("same", clean=clean).will(topic("will"), b"taken over", 1).connect(**expiry)
    second = Client("same", clean=clean).connect(**expiry)
    first.wait_closed()
    watcher.expect(b"taken over")
    second.disconnect()

if V5:
    first = Client("same", clean=False).will(topic("will/delayed"), b"delayed", 1, WillDelayInterval=600).connect(**expiry)
    second = Client("same", clean=False).connect(**expiry)
    first.wait_closed()
    watcher.publish(topic("will/end"), b"end", 1)
    watcher.expect(b"end")

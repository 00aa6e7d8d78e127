"""The end of the session publishes a will whose delay still runs: by expiry, and by a clean start."""
from scenario import *

watcher = Client("watch").connect()
watcher.subscribe(topic("will"), 1)

Client("expiring").will(topic("will"), b"expired", 1, WillDelayInterval=600).connect(SessionExpiryInterval=1).drop()
watcher.expect(b"expired")

Client("anew").will(topic("will"), b"started anew", 1, WillDelayInterval=600).connect(SessionExpiryInterval=60).drop()
Client("anew", clean=True).connect()
watcher.expect(b"started anew")

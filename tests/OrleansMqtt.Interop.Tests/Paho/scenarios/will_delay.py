"""A delayed will waits; a client that comes back in time cancels it."""
from scenario import *

watcher = Client("watch").connect()
watcher.subscribe(topic("will/#"), 1)

returning = Client("ret").will(topic("will/cancelled"), b"cancelled", 1, WillDelayInterval=2).connect(SessionExpiryInterval=60)
returning.drop()
back = Client("ret", clean=False).connect(SessionExpiryInterval=60)
equal(back.session_present, 1)

# Dropped after the one above, with the same delay: if this one comes first, that one was cancelled.
gone = Client("gone").will(topic("will/gone"), b"gone", 1, WillDelayInterval=2).connect(SessionExpiryInterval=60)
gone.drop()
watcher.publish(topic("will/now"), b"before the will", 1)
watcher.expect(b"before the will", b"gone")

"""A message expires in a queue and as a retained one; the interval that is delivered has shrunk by the time it waited."""
from scenario import *

away = Client("away").connect(SessionExpiryInterval=60)
away.subscribe(topic("queue"), 1)
away.disconnect()

publisher = Client("pub").connect()
publisher.publish(topic("queue"), b"expires", 1, MessageExpiryInterval=1)
publisher.publish(topic("queue"), b"lasts", 1, MessageExpiryInterval=600)
publisher.publish(topic("kept/expires"), b"expires", 1, retain=True, MessageExpiryInterval=1)
publisher.publish(topic("kept/lasts"), b"lasts", 1, retain=True, MessageExpiryInterval=600)
wait_broker_seconds(3)

back = Client("away", clean=False).connect(SessionExpiryInterval=60)
message = back.next()
equal(message.payload, b"lasts")
assert 0 < message.properties.MessageExpiryInterval <= 598, f"queued: {message.properties.MessageExpiryInterval} s left"

late = Client("late").connect()
late.subscribe(topic("kept/#"), 1)
message = late.next()
equal(message.payload, b"lasts")
assert 0 < message.properties.MessageExpiryInterval <= 598, f"retained: {message.properties.MessageExpiryInterval} s left"
publisher.publish(topic("kept/lasts"), b"", 1, retain=True)
late.expect(b"")

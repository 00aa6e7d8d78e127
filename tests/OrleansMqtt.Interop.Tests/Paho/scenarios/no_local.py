"""No Local: a client does not get back what it published, others do."""
from scenario import *

me, other = Client("me").connect(), Client("other").connect()
me.subscribe(topic("talk"), 1, noLocal=True)
other.subscribe(topic("talk"), 1)
me.publish(topic("talk"), b"mine", 1)
other.publish(topic("talk"), b"theirs", 1)
me.expect(b"theirs")
other.expect(b"mine", b"theirs")

"""A message that was not acknowledged comes again with DUP when the session is resumed."""
import threading

from scenario import *

expiry = {"SessionExpiryInterval": 60} if V5 else {}
first = Client("s", clean=False).connect(**expiry)
first.subscribe(topic("again"), 1)
dropped = threading.Event()


def lose(client, userdata, message):
    """Called before paho sends its PUBACK, which then finds the socket shut."""
    client.socket().shutdown(socket.SHUT_RDWR)
    dropped.set()


first.paho.on_message = lose
Client("pub").connect().publish(topic("again"), b"twice", 1)
assert dropped.wait(LIMIT)
first.wait_closed()

second = Client("s", clean=False).connect(**expiry)
message = second.next()
equal((message.payload, message.qos, message.dup), (b"twice", 1, True))

"""A group of three receives each of 300 messages once between them, each member its share."""
from scenario import *

members = [Client(f"m{n}").connect() for n in range(3)]
for member in members:
    member.subscribe(f"$share/{PREFIX}/{topic('work')}", 2)
    member.subscribe(topic("end"), 2)
publisher = Client("pub").connect()
for n in range(300):
    publisher.publish(topic("work"), b"%d" % n, n % 3)
publisher.publish(topic("end"), b"end", 2)

shares = []
for member in members:
    share = []
    while (message := member.next()).payload != b"end":
        share.append(int(message.payload))
    assert share, "a member without work"
    shares += share
equal(sorted(shares), list(range(300)))

"""An empty client identifier: the broker assigns one of its own."""
from scenario import *

clients = [Client("", client_id="").connect() for _ in range(2)]
if V5:
    names = {client.properties.AssignedClientIdentifier for client in clients}
    equal(len(names), 2, "different identifiers")
    assert all(names), "an empty identifier"
for n, client in enumerate(clients):
    client.subscribe(topic(f"{n}"), 1)
    client.publish(topic(f"{n}"), b"%d" % n, 1)
    client.expect(b"%d" % n)

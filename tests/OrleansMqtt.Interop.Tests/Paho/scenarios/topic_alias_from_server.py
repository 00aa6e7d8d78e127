"""Aliases towards a subscriber, if the broker uses them: within the announced maximum, set before use."""
from scenario import *

client = Client("sub").connect(TopicAliasMaximum=2)
client.subscribe(topic("#"), 1)
names = [topic(f"a/long/topic/name/{n % 4}") for n in range(40)]
for n, name in enumerate(names):
    client.publish(name, b"%d" % n, 1)

aliases = {}
for n, name in enumerate(names):
    message = client.next()
    alias = getattr(message.properties, "TopicAlias", None)
    assert alias is None or 1 <= alias <= 2, f"alias {alias}"
    if alias is not None and message.topic:
        aliases[alias] = message.topic
    equal((message.topic or aliases[alias], message.payload), (name, b"%d" % n))

"""A payload of 1 MB, up and down."""
import random

from scenario import *

payload = random.Random(7).randbytes(1_000_000)
client = Client("large").connect()
for qos in range(3):
    client.subscribe(topic(f"large/{qos}"), qos)
    client.publish(topic(f"large/{qos}"), payload, qos)
    assert client.next().payload == payload, "the payload changed"

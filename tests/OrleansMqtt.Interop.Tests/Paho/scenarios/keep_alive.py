"""A client that falls silent is taken for lost after one and a half keep alive intervals."""
from scenario import *

watcher = Client("watch").connect()
watcher.subscribe(topic("will"), 1)
silent = Client("silent").will(topic("will"), b"silent", 1)
connect = {"clean_start": True} if V5 else {}
silent.paho.connect(HOST, PORT, keepalive=1, **connect)
# Reads CONNACK, then never turns its loop again: no PINGREQ.
while silent._connacks.empty():
    equal(silent.paho.loop(timeout=LIMIT), mqtt.MQTT_ERR_SUCCESS)
watcher.expect(b"silent")

"""What the scenarios share: their arguments, a client whose callbacks become queues, and waits with a limit.

Arguments: HOST PORT 3|4|5 PREFIX (the protocol level, and the start of every topic and client identifier).
A scenario fails by an exception, thus with an exit code other than 0.
"""

import queue
import socket
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

HOST, PORT, VERSION, PREFIX = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
V5 = VERSION == 5

# Turns a hang into a failure; no scenario depends on it otherwise.
LIMIT = 30


def topic(rest):
    return f"{PREFIX}/{rest}"


def properties(packet, **values):
    result = Properties(packet)
    for name, value in values.items():
        setattr(result, name, value)
    return result


def equal(actual, expected, what=""):
    assert actual == expected, f"{what}: {actual!r}, expected {expected!r}"


class Client:
    """One connection, driven by paho's own thread; it never reconnects by itself."""

    def __init__(self, name, clean=True, version=VERSION, client_id=None):
        self.version, self.clean = version, clean
        self.client_id = f"{PREFIX}-{name}" if client_id is None else client_id
        session = {} if version == 5 else {"clean_session": clean}
        self.paho = mqtt.Client(self.client_id, protocol=version, reconnect_on_failure=False, **session)
        self.messages, self._connacks, self._subacks, self._unsubacks = (queue.Queue() for _ in range(4))
        self._closed = queue.Queue()
        self.paho.on_connect = lambda client, userdata, flags, code, props=None: self._connacks.put((flags, code, props))
        self.paho.on_message = lambda client, userdata, message: self.messages.put(message)
        self.paho.on_subscribe = lambda client, userdata, mid, granted, props=None: self._subacks.put(granted)
        self.paho.on_unsubscribe = lambda *arguments: self._unsubacks.put(arguments)
        self.paho.on_disconnect = lambda client, userdata, code, props=None: self._closed.put(code)
        self._handle_disconnect, self.paho._handle_disconnect = self.paho._handle_disconnect, self._disconnect_received

    def _disconnect_received(self):
        """paho 1.6 overlooks the reason code of a DISCONNECT that ends after it, without a property length."""
        packet = self.paho._in_packet["packet"]
        self._closed.put(packet[0] if packet else 0)
        return self._handle_disconnect()

    def will(self, topic, payload, qos=0, retain=False, **values):
        props = properties(PacketTypes.WILLMESSAGE, **values) if values else None
        self.paho.will_set(topic, payload, qos, retain, props)
        return self

    def connect(self, keepalive=60, **values):
        """Connects and waits for CONNACK, kept in .flags, .code and .properties."""
        v5 = {}
        if self.version == 5:
            v5 = {"clean_start": self.clean, "properties": properties(PacketTypes.CONNECT, **values)}
        self.paho.connect(HOST, PORT, keepalive, **v5)
        self.paho.loop_start()
        self.flags, self.code, self.properties = self._connacks.get(timeout=LIMIT)
        equal(int(getattr(self.code, "value", self.code)), 0, "CONNACK")
        return self

    @property
    def session_present(self):
        return self.flags["session present"]

    def subscribe(self, filter, qos=0, identifier=None, **options):
        """Subscribes and waits for SUBACK; returns the granted QoS or reason code."""
        if self.version == 5:
            props = properties(PacketTypes.SUBSCRIBE, SubscriptionIdentifier=identifier) if identifier else None
            self.paho.subscribe(filter, options=SubscribeOptions(qos=qos, **options), properties=props)
        else:
            self.paho.subscribe(filter, qos)
        granted = self._subacks.get(timeout=LIMIT)[0]
        return getattr(granted, "value", granted)

    def unsubscribe(self, filter):
        """Waits for UNSUBACK; returns the reason code (version 5)."""
        self.paho.unsubscribe(filter)
        arguments = self._unsubacks.get(timeout=LIMIT)
        return arguments[4].value if self.version == 5 else None

    def publish(self, topic, payload=b"", qos=0, retain=False, **values):
        """Publishes and waits until the broker has acknowledged (QoS 1, 2) or the socket has taken it (QoS 0)."""
        props = properties(PacketTypes.PUBLISH, **values) if values else None
        info = self.paho.publish(topic, payload, qos, retain, props)
        info.wait_for_publish(LIMIT)
        assert info.is_published(), f"not acknowledged: {topic}"
        return info

    def next(self):
        return self.messages.get(timeout=LIMIT)

    def expect(self, *payloads):
        """The next messages have these payloads, in this order."""
        equal([self.next().payload for _ in payloads], list(payloads), f"messages of {self.client_id}")

    def drop(self):
        """Loses the connection without DISCONNECT; returns when the broker has noticed, thus has closed its side as well."""
        self.paho.socket().shutdown(socket.SHUT_WR)
        self.wait_closed()

    def disconnect(self, code=None, **values):
        """Says DISCONNECT; returns when the broker has carried it out, thus has closed the connection.

        paho closes as soon as the packet is sent. What another client does next could then overtake the packet:
        a message would be on its way to this client instead of waiting for it.
        """
        with self.paho.socket().dup() as held:
            v5 = {}
            if self.version == 5:
                v5 = {"reasoncode": code, "properties": properties(PacketTypes.DISCONNECT, **values) if values else None}
            self.paho.disconnect(**v5)
            self.wait_closed()
            held.settimeout(LIMIT)
            while held.recv(4096):
                pass

    def wait_closed(self):
        """Waits for the end of the connection; returns the reason code of the broker's DISCONNECT, else paho's own."""
        return self._closed.get(timeout=LIMIT)


def wait_broker_seconds(seconds):
    """Returns when the broker's own clock has passed this time: its sign is a delayed will."""
    name = f"clock{threading.get_ident() % 10000}"
    watcher = Client(f"{name}w", version=5).connect()
    watcher.subscribe(topic(name))
    ticking = Client(name, version=5).will(topic(name), b"", WillDelayInterval=seconds).connect(SessionExpiryInterval=seconds + 60)
    ticking.drop()
    watcher.next()
    watcher.disconnect()

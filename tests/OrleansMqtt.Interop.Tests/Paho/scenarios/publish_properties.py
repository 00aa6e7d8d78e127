"""The properties of a PUBLISH pass through unaltered, user properties in order."""
from scenario import *

values = {
    "PayloadFormatIndicator": 1,
    "ContentType": "text/plain",
    "ResponseTopic": topic("response"),
    "CorrelationData": bytes(range(256)),
    "UserProperty": [("a", "1"), ("b", "2"), ("a", "3"), ("", ""), ("ключ", "値")],
}
client = Client("c").connect()
client.subscribe(topic("p"), 2)
for qos in range(3):
    client.publish(topic("p"), "größer", qos, retain=True, **values)
    message = client.next()
    equal({name: getattr(message.properties, name) for name in values}, values, f"QoS {qos}")

late = Client("late").connect()
late.subscribe(topic("p"), 2)
message = late.next()
equal({name: getattr(message.properties, name) for name in values}, values, "retained")

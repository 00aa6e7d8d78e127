"""A broker with a keep alive limit announces it to a client that asks for more, and not to one that asks for less.

Further argument: the limit in seconds, at least 20.
"""
from scenario import *

limit = int(sys.argv[5])
equal(getattr(Client("more").connect(keepalive=2 * limit).properties, "ServerKeepAlive", None), limit, "asked for more")
less = Client("less").connect(keepalive=limit // 2)
equal(getattr(less.properties, "ServerKeepAlive", limit // 2), limit // 2, "asked for less")

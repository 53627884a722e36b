# SPDX-License-Identifier: Apache-2.0
"""One thing that an MQTT client does, done by Eclipse Paho's Python client: WHAT MQTT MQTTS WS WSS CA. Ends with 0 if it went well."""
import queue
import sys

import paho.mqtt.client as mqtt

what, plain, tls, ws, wss, ca = sys.argv[1:7]
PATIENCE = 15


class Client:
    def __init__(self, name, clean=True, will=None, port=plain, transport="tcp", secure=False, password="sensor-secret"):
        self.inbox, self.connacks, self.subacks, self.gone = queue.Queue(), queue.Queue(), queue.Queue(), queue.Queue()
        self.mqtt = mqtt.Client(name, clean_session=clean, transport=transport)
        self.mqtt.username_pw_set("sensor", password)
        self.mqtt.on_connect = lambda c, u, flags, code: self.connacks.put((flags["session present"], code))
        self.mqtt.on_subscribe = lambda c, u, mid, granted: self.subacks.put(list(granted))
        self.mqtt.on_message = lambda c, u, m: self.inbox.put((m.topic, m.payload.decode(), m.qos, bool(m.retain)))
        self.mqtt.on_disconnect = lambda c, u, code: self.gone.put(code)
        if will:
            self.mqtt.will_set(*will)
        if secure:
            self.mqtt.tls_set(ca)
        self.mqtt.connect("localhost", int(port))
        self.mqtt.loop_start()
        self.present, self.code = self.connacks.get(timeout=PATIENCE)

    def subscribe(self, *filters):
        self.mqtt.subscribe(list(filters))
        return self.subacks.get(timeout=PATIENCE)

    def publish(self, topic, payload, qos, retain=False):
        info = self.mqtt.publish(topic, payload, qos, retain)
        info.wait_for_publish(PATIENCE)
        assert info.is_published(), "no acknowledgement for " + topic

    def expect(self, *messages):
        got = [self.inbox.get(timeout=PATIENCE) for _ in messages]
        assert sorted(got) == sorted(messages), got

    def close(self):
        self.mqtt.disconnect()
        self.gone.get(timeout=PATIENCE)
        self.mqtt.loop_stop()

    def last(self):
        """What comes last shows that nothing else has come before it."""
        self.publish("last", "last", 0)
        self.expect(("last", "last", 0, False))


def every_qos(client):
    assert client.subscribe(("q/0", 0), ("q/1", 1), ("q/2", 2)) == [0, 1, 2]
    for granted in range(3):
        for sent in range(3):
            client.publish(f"q/{granted}", f"{sent}", sent)
            client.expect((f"q/{granted}", f"{sent}", min(sent, granted), False))
    client.close()


if what == "clean-session":
    a = Client("py")
    a.subscribe(("c", 1))
    a.close()
    b = Client("py")
    assert not b.present
    b.subscribe(("last", 0))
    b.publish("c", "x", 1)
    b.last()
    b.close()
elif what == "kept-session":
    a = Client("py", clean=False)
    assert not a.present
    a.subscribe(("k/+", 2), ("last", 0))
    a.close()
    b = Client("pub")
    for i in range(20):
        b.publish(f"k/{i}", f"{i}", 1 + i % 2)
    b.close()
    a = Client("py", clean=False)
    assert a.present
    a.expect(*[(f"k/{i}", f"{i}", 1 + i % 2, False) for i in range(20)])
    a.last()
    a.close()
elif what == "every-qos":
    every_qos(Client("py"))
elif what == "retained":
    a = Client("py")
    for qos in range(3):
        a.publish(f"r/{qos}", f"{qos}", qos, True)
    a.subscribe(("r/#", 2), ("last", 0))
    a.expect(("r/0", "0", 0, True), ("r/1", "1", 1, True), ("r/2", "2", 2, True))
    for qos in range(3):
        a.publish(f"r/{qos}", "", qos, True)
    a.expect(("r/0", "", 0, False), ("r/1", "", 1, False), ("r/2", "", 2, False))
    a.subscribe(("r/#", 2))
    a.last()
    a.close()
elif what == "will":
    a = Client("py")
    a.subscribe(("w", 2))
    doomed = Client("doomed", will=("w", "gone", 2, False))
    doomed.mqtt.reconnect_delay_set(60, 60)
    doomed.mqtt.socket().shutdown(2)
    a.expect(("w", "gone", 2, False))
    a.close()
elif what == "wildcards":
    a = Client("py")
    a.subscribe(("w/#", 0), ("w/+", 1), ("w/1", 0), ("last", 0))
    a.publish("w/1", "x", 1)
    a.expect(("w/1", "x", 1, False))
    a.last()
    a.close()
elif what == "tls":
    every_qos(Client("py", port=tls, secure=True))
elif what == "websocket":
    every_qos(Client("py", port=ws, transport="websockets"))
elif what == "secure-websocket":
    every_qos(Client("py", port=wss, transport="websockets", secure=True))
elif what == "wrong-password":
    assert Client("py", password="wrong").code == 4
else:
    sys.exit("unknown: " + what)

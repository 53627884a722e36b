// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * A local client that publishes 1, 2, 3 ... with QoS 1, one after the other, and remembers which were acknowledged. When the
 * gateway is away it tries to connect until it is back. A number that was not acknowledged is not repeated.
 */
public final class NumberedPublisher implements AutoCloseable {

    private final int port;
    private final String topic;
    private final Queue<Integer> acknowledged = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "numbered-publisher");
    private volatile boolean closed;

    public NumberedPublisher(int port, String topic) {
        this.port = port;
        this.topic = topic;
        thread.setDaemon(true);
        thread.start();
    }

    public Queue<Integer> acknowledged() {
        return acknowledged;
    }

    private void run() {
        int number = 0;
        while (!closed) {
            try (MqttClient client = new MqttClient("tcp://127.0.0.1:" + port, "publisher", new MemoryPersistence())) {
                client.setTimeToWait(5000);
                client.connect(Cloud.options(GatewayProcess.MACHINE, GatewayProcess.SECRET));
                while (!closed) {
                    number++;
                    // Returns when the PUBACK is there.
                    client.publish(topic, Integer.toString(number).getBytes(StandardCharsets.UTF_8), 1, false);
                    acknowledged.add(number);
                }
                client.disconnectForcibly(100, 100);
            } catch (MqttException e) {
                if (!Program.listens(port)) {
                    Until.holds(java.time.Duration.ofSeconds(120), "the broker to be back",
                        () -> closed || Program.listens(port));
                }
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join(10_000);
    }
}

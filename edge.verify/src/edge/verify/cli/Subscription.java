// SPDX-License-Identifier: Apache-2.0
package edge.verify.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.function.BiConsumer;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallbackExtended;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** A durable subscription at an MQTT broker: comes back by itself, and the broker keeps what is published meanwhile. */
final class Subscription implements AutoCloseable, MqttCallbackExtended {

    private static final int GOODBYE_MILLIS = 1000;

    private final BiConsumer<String, byte[]> receiver;
    private final MqttClient client;

    Subscription(Options options, BiConsumer<String, byte[]> receiver)
        throws MqttException, IOException, GeneralSecurityException {
        this.receiver = receiver;
        client = new MqttClient((options.tls ? "ssl://" : "tcp://") + options.host.orElseThrow() + ":" + options.port,
            options.clientId, new MemoryPersistence());
        client.setCallback(this);
        MqttConnectOptions connect = new MqttConnectOptions();
        connect.setCleanSession(false);
        connect.setAutomaticReconnect(true);
        connect.setHttpsHostnameVerificationEnabled(true);
        if (!options.user.isEmpty()) {
            connect.setUserName(options.user);
            connect.setPassword(options.password.toCharArray());
        }
        if (options.tls && options.ca.isPresent()) {
            connect.setSocketFactory(trusting(options.ca.get()));
        }
        client.connect(connect);
        client.subscribe(options.topic, 1);
    }

    private static SocketFactory trusting(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    @Override
    public void connectComplete(boolean again, String address) {
        if (again) {
            System.err.println("edge-verify: connected to " + address + " again");
        }
    }

    @Override
    public void connectionLost(Throwable cause) {
        System.err.println("edge-verify: the connection was lost; it is tried again");
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        receiver.accept(topic, message.getPayload());
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
        // Nothing is published.
    }

    @Override
    public void close() throws MqttException {
        client.disconnectForcibly(GOODBYE_MILLIS, GOODBYE_MILLIS);
        client.close();
    }
}

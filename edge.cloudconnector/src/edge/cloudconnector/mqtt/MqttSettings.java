// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where to connect, and how. Secrets are in here: never to be printed.
 *
 * @param port resolved, never 0
 * @param caFile certificates to trust; empty for those of the Java runtime
 * @param crlFile lists of revoked certificates; empty for none
 * @param keyStore the own certificate and key, PKCS#12; empty for none
 * @param user empty for a login without one
 * @param window messages under way
 */
record MqttSettings(String name, String host, int port, boolean tls, Optional<Path> caFile, Optional<Path> crlFile,
                    Optional<Path> keyStore, String keyStorePassword, String clientId, boolean cleanSession,
                    String user, String password, Duration keepAlive, Duration connectTimeout, Duration ackTimeout, int window) {

    private static final int PLAIN_PORT = 1883;
    private static final int TLS_PORT = 8883;
    private static final int BATCHES = 8;

    /**
     * @param data the gateway's data directory, for relative paths
     * @throws IllegalArgumentException if an attribute is out of its range; the message names it
     */
    static MqttSettings of(String name, MqttConfig config, Path data, String gatewayId) {
        return new MqttSettings(name, host(config.host()), range("port", config.port(), 0, 65535) == 0
            ? (config.tls() ? TLS_PORT : PLAIN_PORT) : config.port(), config.tls(), path(config.caFile(), data),
            path(config.crlFile(), data), path(config.keyStore(), data), config._keyStorePassword(),
            config.clientId().isEmpty() ? gatewayId : config.clientId(), config.cleanSession(), config.user(), config._password(),
            Duration.ofSeconds(range("keepAlive", config.keepAlive(), 1, 3600)),
            Duration.ofSeconds(range("connectTimeout", config.connectTimeout(), 1, 120)),
            Duration.ofSeconds(range("ackTimeout", config.ackTimeout(), 1, 600)),
            range("window", config.window(), 1, 10_000));
    }

    private static int range(String attribute, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(attribute + " must be " + min + " to " + max + ", not " + value);
        }
        return value;
    }

    /** @throws IllegalArgumentException if that is no host; the message says what is wrong */
    static String host(String host) {
        if (host == null || host.isBlank()) {
            throw new IllegalArgumentException("host is missing: name or address of the cloud's MQTT broker");
        } else if (host.contains("://")) {
            throw new IllegalArgumentException("host is a name or an address without a scheme: leave '"
                + host.substring(0, host.indexOf("://") + 3) + "' out, and say tls: true or false");
        } else if (!host.matches("[A-Za-z0-9._:%-]{1,253}")) {
            throw new IllegalArgumentException("host '" + host + "' is neither a host name nor an address");
        } else if (host.indexOf(':') >= 0 && host.indexOf(':') == host.lastIndexOf(':')) {
            throw new IllegalArgumentException("host '" + host + "' must not contain a port: put it into 'port'");
        }
        return host;
    }

    static Optional<Path> path(String text, Path data) {
        return text == null || text.isEmpty() ? Optional.empty() : Optional.of(data.resolve(text));
    }

    String address() {
        return (tls ? "mqtts://" : "mqtt://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** How many batches may be under way. */
    int batches() {
        return Math.min(BATCHES, window);
    }

    /** How many messages may be in one batch. */
    int batchSize() {
        return window / batches();
    }

    boolean passwordGoesInClear() {
        return !tls && !user.isEmpty() && !host.equals("localhost") && !host.startsWith("127.") && !host.equals("::1");
    }

    @Override
    public String toString() {
        return address();
    }
}

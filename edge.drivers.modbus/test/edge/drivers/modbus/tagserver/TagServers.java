// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.tagserver;

import edge.api.config.Configurations;
import edge.api.config.Problem;
import edge.api.device.Access;
import edge.api.device.DeviceState;
import edge.api.device.FieldDevice.Observation;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Moment;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.drivers.modbus.Await;
import edge.drivers.modbus.Gateways;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Servers of a configuration's text, over tags that a test sets. */
public final class TagServers implements TagTable {
    private final Map<String, TagState> states = new ConcurrentHashMap<>();

    public void set(String path, DataType type, Value value) {
        String[] names = path.split("/");
        Tag tag = new Tag(names[1], type, "", Access.READ, Duration.ofSeconds(1), ReportPolicy.ALWAYS, "");
        Reading reading = new Reading(tag, value, Quality.GOOD, Instant.now());
        states.put(path, new TagState(names[0], reading, reading, now()));
    }

    public void lose(String path) {
        states.computeIfPresent(path, (key, state) -> new TagState(state.device(), new Reading(state.reading().tag(), Value.NONE,
            Quality.bad(Quality.Reason.TIMEOUT, "no answer"), Instant.now()), state.lastGood(), now()));
    }

    private static Moment now() {
        return new Moment(System.nanoTime(), Instant.now(), ClockConfidence.PLAUSIBLE);
    }

    public static List<Problem> check(String text) {
        return new TagServerCheck().check("scada", text);
    }

    /** Files of a server's TLS, below a folder; empty names for none. */
    public record Tls(Path folder, String keyStore, String caFile) {
        public static final Tls NONE = new Tls(Path.of("/"), "", "");
    }

    /**
     * @param port 0 for any free one
     * @param text the configuration, without host, port, peers, maxConnections and idleTimeout
     */
    public TagServer open(int port, String whenBad, int unit, int idleTimeout, String text, String... peers) {
        return open(port, whenBad, unit, idleTimeout, text, Tls.NONE, peers);
    }

    public TagServer open(int port, String whenBad, int unit, int idleTimeout, String text, Tls tls, String... peers) {
        return new TagServer(this, Gateways.of(tls.folder()), new TagServerConfig() {
            @Override
            public String host() {
                return "127.0.0.1";
            }

            @Override
            public int port() {
                return port;
            }

            @Override
            public String[] peers() {
                return peers;
            }

            @Override
            public String keyStore() {
                return tls.keyStore();
            }

            @Override
            public String _keyStorePassword() {
                return "secret";
            }

            @Override
            public String caFile() {
                return tls.caFile();
            }

            @Override
            public int unit() {
                return unit;
            }

            @Override
            public String whenBad() {
                return whenBad;
            }

            @Override
            public int maxConnections() {
                return 2;
            }

            @Override
            public int idleTimeout() {
                return idleTimeout;
            }

            @Override
            public int addressBase() {
                return 0;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return TagServerConfig.class;
            }
        }, Map.of("service.pid", TagServerConfig.PID + "~scada", Configurations.TEXT_PROPERTY, text));
    }

    /** The port that it listens on, as soon as it does. */
    public static int port(TagServer server) throws Exception {
        Await.until("the server listens", () -> server.port() > 0);
        return server.port();
    }

    public static void close(TagServer server) {
        server.close();
    }

    @Override
    public Optional<TagState> tag(String device, String tag) {
        return Optional.ofNullable(states.get(device + "/" + tag));
    }

    @Override
    public List<DeviceState> devices() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<DeviceState> device(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Observation observe(Consumer<List<TagState>> listener) {
        throw new UnsupportedOperationException();
    }
}

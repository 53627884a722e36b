// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.broker.net.ListenerSettings;
import edge.broker.net.ListenerSettings.ClientCertificates;
import edge.broker.net.ListenerSettings.Protocol;
import edge.broker.net.TlsSettings;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the attributes and the text of the file come to. */
final class BrokerConfigReader {

    private static final Set<String> LISTENER = Set.of("name", "protocol", "host", "port", "anonymous",
        "clientCertificates");
    private static final Set<String> TLS = Set.of("certificate", "key", "clientCa", "revoked");
    private static final int KILO = 1_024;

    private BrokerConfigReader() {
    }

    /**
     * @param text the whole file; empty if there is none
     * @param data the data directory, to which paths are relative
     */
    static Settings settings(BrokerConfig config, Optional<String> text, Path data) throws JsonException {
        Optional<Json.Obj> root = text.isPresent() ? Optional.of(JsonParser.parse(text.get()).asObject())
            : Optional.empty();
        List<ListenerSettings> listeners = root.isPresent() ? listeners(root.get()) : List.of();
        if (listeners.isEmpty()) {
            listeners = List.of(ListenerSettings.plain(config.host(), config.port(), config.allowAnonymousLoopback()));
        }
        Path folder = data.resolve("broker");
        return new Settings(listeners, tls(root, data, folder), folder,
            new Settings.Limits(config.maxPacketKilobytes() * KILO, config.maxConnections(),
                config.maxConnectionsPerAddress(), config.messagesPerSecond(), config.inFlight(), config.queueMessages(),
                (long) config.queueKilobytes() * KILO, config.storedMessages()),
            Duration.ofMillis(config.connectTimeout()), Duration.ofMillis(config.acknowledgeTimeout()),
            Duration.ofHours(config.sessionExpiryHours()));
    }

    /** The listeners that the file names. */
    static List<ListenerSettings> listeners(Json.Obj root) throws JsonException {
        List<ListenerSettings> listeners = new ArrayList<>();
        Set<String> names = new HashSet<>();
        if (root.has("listeners")) {
            for (Json each : root.get("listeners").asArray()) {
                ListenerSettings listener = listener(each.asObject(), listeners.size());
                if (!names.add(listener.name())) {
                    throw each.place().problem("there are two listeners named " + listener.name());
                }
                listeners.add(listener);
            }
        }
        return listeners;
    }

    private static ListenerSettings listener(Json.Obj object, int number) throws JsonException {
        object.allowOnly(LISTENER);
        Protocol protocol = one(object, "protocol", Protocol.class, Protocol.MQTT);
        ClientCertificates certificates =
            one(object, "clientCertificates", ClientCertificates.class, ClientCertificates.NONE);
        boolean tls = protocol == Protocol.MQTTS || protocol == Protocol.WSS;
        if (certificates != ClientCertificates.NONE && !tls) {
            throw object.get("clientCertificates").place().problem("only mqtts and wss have certificates");
        }
        int usual = switch (protocol) {
            case MQTT -> 1883;
            case MQTTS -> 8883;
            case WS -> 8083;
            case WSS -> 8084;
        };
        return new ListenerSettings(object.text("name", protocol.name().toLowerCase(Locale.ROOT)
            + (number == 0 ? "" : "-" + number)), protocol, object.text("host", "127.0.0.1"),
            (int) object.integer("port", usual, 0, 65_535), object.bool("anonymous", false), certificates);
    }

    private static <E extends Enum<E>> E one(Json.Obj object, String name, Class<E> type, E otherwise)
        throws JsonException {
        if (!object.has(name)) {
            return otherwise;
        }
        String text = object.text(name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        throw object.get(name).place().problem("'" + text + "' is none of "
            + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
    }

    private static TlsSettings tls(Optional<Json.Obj> root, Path data, Path own) throws JsonException {
        if (root.isEmpty() || !root.get().has("tls")) {
            return new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), own);
        }
        Json.Obj tls = root.get().get("tls").asObject();
        tls.allowOnly(TLS);
        if (tls.has("certificate") != tls.has("key")) {
            throw tls.place().problem("'certificate' and 'key' belong together");
        }
        return new TlsSettings(path(tls, "certificate", data), path(tls, "key", data), path(tls, "clientCa", data),
            path(tls, "revoked", data), own);
    }

    private static Optional<Path> path(Json.Obj tls, String name, Path data) throws JsonException {
        return tls.has(name) ? Optional.of(data.resolve(tls.text(name))) : Optional.empty();
    }

    /** What is wrong with the structured parts of a file. */
    static void check(String text) throws JsonException {
        Json.Obj root = JsonParser.parse(text).asObject();
        List<ListenerSettings> listeners = listeners(root);
        tls(Optional.of(root), Path.of("/"), Path.of("/"));
        boolean wantsCa = listeners.stream().anyMatch(l -> l.certificates() != ClientCertificates.NONE);
        if (wantsCa && !(root.has("tls") && root.get("tls").asObject().has("clientCa"))) {
            throw root.get("listeners").place().problem(
                "a listener asks for certificates of clients, but 'tls' names no 'clientCa' that signs them");
        }
        if (!listeners.isEmpty() && (root.has("host") || root.has("port") || root.has("allowAnonymousLoopback"))) {
            throw root.get("listeners").place().problem(
                "'host', 'port' and 'allowAnonymousLoopback' are for the one listener when there is no list");
        }
    }
}

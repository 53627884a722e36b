// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.LinkState;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The Modbus TCP client of the whole bundle. It lives as long as a device needs it. Safe on every thread.
 */
@Component(service = ModbusClient.class)
public final class ModbusClient implements AutoCloseable {
    private final EventLoop loop;
    private final Resolver resolver = new Resolver();
    // Only on the loop's thread. A connection of its own is under a key that nobody shares.
    private final Map<Object, Connection> connections = new HashMap<>();
    private final Map<Link, Object> links = new HashMap<>();

    private record Endpoint(String host, int port) {
    }

    /** Starts the thread {@code edge-modbus}. */
    @Activate
    public ModbusClient() throws IOException {
        loop = new EventLoop("edge-modbus");
    }

    /**
     * Opens a link over the connection to that host and port, which all such links share. It is established at once and
     * whenever it is lost.
     *
     * @param host name or address
     * @param listener gets each change of the link's state, on the client's thread
     */
    public Link open(String host, int port, LinkSettings settings, Consumer<LinkState> listener) {
        return open(new Endpoint(host, port), host, port, settings, listener);
    }

    /** As {@link #open}, with a connection of its own. */
    public Link openExclusive(String host, int port, LinkSettings settings, Consumer<LinkState> listener) {
        return open(new Object(), host, port, settings, listener);
    }

    private Link open(Object key, String host, int port, LinkSettings settings, Consumer<LinkState> listener) {
        Link link = new Link(loop, settings, listener, this::leave);
        loop.execute(() -> {
            links.put(link, key);
            link.attach(connections.computeIfAbsent(key, k -> new Connection(loop, resolver, host, port)));
        });
        return link;
    }

    private void leave(Link link) {
        Object key = links.remove(link);
        if (link.leave()) {
            connections.remove(key);
        }
    }

    /** Closes all links and ends the thread. Returns when that is done, or after two seconds. */
    @Override
    @Deactivate
    public void close() {
        loop.execute(() -> {
            for (Link link : links.keySet().toArray(Link[]::new)) {
                link.close();
            }
        });
        loop.close();
        resolver.close();
    }
}

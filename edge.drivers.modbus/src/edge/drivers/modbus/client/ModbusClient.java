// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.LinkState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The Modbus client of the whole bundle: one thread for all connections over the network, one for each serial bus. It lives as long as a
 * device needs it. Safe on every thread.
 */
@Component(service = ModbusClient.class)
public final class ModbusClient implements AutoCloseable {
    private final EventLoop loop;
    private final Resolver resolver = new Resolver();
    // Only on the loop's thread. A connection of its own is under a key that nobody shares.
    private final Map<Object, Connection> connections = new HashMap<>();
    private final Map<Link, Object> links = new HashMap<>();
    private final Map<String, SerialBus> buses = new HashMap<>(); // guarded by itself
    private boolean closed; // guarded by buses

    /** Starts the thread {@code edge-modbus}. */
    @Activate
    public ModbusClient() throws IOException {
        loop = new EventLoop("edge-modbus");
    }

    /**
     * Opens a link over the line to an endpoint, which all links to equal endpoints share. It is established at once and
     * whenever it is lost.
     *
     * @param listener gets each change of the link's state, on the line's thread
     */
    public Link open(Endpoint endpoint, LinkSettings settings, Consumer<LinkState> listener) {
        if (endpoint instanceof Endpoint.Network network) {
            return open(network, network, settings, listener);
        }
        return openSerial((Endpoint.Serial) endpoint, settings, listener);
    }

    /** As {@link #open}, to a Modbus TCP server and with a connection of its own. */
    public Link openExclusive(String host, int port, LinkSettings settings, Consumer<LinkState> listener) {
        return open(new Object(), Endpoint.Tcp.plain(host, port), settings, listener);
    }

    private Link open(Object key, Endpoint.Network endpoint, LinkSettings settings, Consumer<LinkState> listener) {
        Link link = new Link(loop, settings, listener, this::leave);
        loop.execute(() -> {
            links.put(link, key);
            link.attach(connections.computeIfAbsent(key, k -> new Connection(loop, resolver, endpoint)));
        });
        return link;
    }

    private void leave(Link link) {
        Object key = links.remove(link);
        if (link.leave()) {
            connections.remove(key);
        }
    }

    private Link openSerial(Endpoint.Serial endpoint, LinkSettings settings, Consumer<LinkState> listener) {
        synchronized (buses) {
            SerialBus bus = buses.get(endpoint.port());
            if (bus == null || !bus.take()) {
                bus = new SerialBus(endpoint, JSerialPort::open);
                if (closed) {
                    bus.close();
                } else {
                    buses.put(endpoint.port(), bus);
                }
            }
            return bus.open(endpoint.line(), settings, listener);
        }
    }

    /** Closes all links and ends the threads. Returns when that is done, or after a few seconds. */
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
        List<SerialBus> open;
        synchronized (buses) {
            closed = true;
            open = new ArrayList<>(buses.values());
            buses.clear();
        }
        open.forEach(SerialBus::close);
    }
}

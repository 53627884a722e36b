// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.access.Caller;
import edge.api.message.BrokerFigures.ClientFigures;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Everybody who is connected, signed in or not. Changed on the loop only. */
public final class Clients {

    private final Set<Client> all = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> hosts = new HashMap<>();
    private final Map<String, Client> byId = new HashMap<>();
    private volatile boolean closed;

    void add(Client client) {
        all.add(client);
        hosts.merge(client.host(), 1, Integer::sum);
        if (closed) {
            client.channel().close();
        }
    }

    void remove(Client client) {
        if (all.remove(client)) {
            hosts.computeIfPresent(client.host(), (host, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Those included that are about to end. */
    public int count() {
        return all.size();
    }

    int count(String host) {
        return hosts.getOrDefault(host, 0);
    }

    /** Who has the session of a client id. */
    Optional<Client> find(String clientId) {
        return Optional.ofNullable(byId.get(clientId));
    }

    void ready(Client client) {
        byId.put(client.clientId(), client);
    }

    /** It has given its session up. */
    void left(Client client) {
        byId.remove(client.clientId(), client);
    }

    /** The caller of a client that has the session of that id now. */
    public Optional<Caller> caller(String clientId) {
        return find(clientId).map(Client::caller);
    }

    /** Looks after everybody: who is late or silent has to go. Loop only, once in a while. */
    public void check() {
        long now = System.nanoTime();
        all.forEach(client -> client.handler().check(now));
    }

    /** Those whose session is ready, by client id. Any thread. */
    public List<ClientFigures> figures() {
        return all.stream().flatMap(client -> client.figures().stream())
            .sorted(Comparator.comparing(ClientFigures::id)).toList();
    }

    /** Closes the connection that has the session of that id, if there still is one. Loop only. */
    public void disconnect(String clientId) {
        find(clientId).ifPresent(client -> client.close(Reason.ADMINISTRATIVE_ACTION));
    }

    /** Whether somebody has the session of that id. Any thread. */
    public boolean isConnected(String clientId) {
        return all.stream().anyMatch(client -> client.isConnected() && client.clientId().equals(clientId));
    }

    /** Closes everybody, now and later: the gateway shuts down. Loop only. */
    public void close() {
        closed = true;
        all.forEach(client -> client.close(Reason.SHUTTING_DOWN));
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.message.BrokerStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Everybody who is connected, signed in or not. */
public final class Peers {

    private final Set<Peer> all = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    void add(Peer peer) {
        all.add(peer);
        if (closed) {
            peer.channel().close();
        }
    }

    void remove(Peer peer) {
        all.remove(peer);
    }

    int count() {
        return all.size();
    }

    boolean isClosed() {
        return closed;
    }

    /** Those whose session is ready, by client id. */
    public List<BrokerStatus.Client> clients() {
        return all.stream().filter(peer -> !peer.clientId().isEmpty())
            .map(peer -> new BrokerStatus.Client(peer.clientId(), peer.caller().name(), peer.address(), peer.since()))
            .sorted(Comparator.comparing(BrokerStatus.Client::id))
            .toList();
    }

    /** Closes everybody, now and later. */
    public void close() {
        closed = true;
        all.forEach(peer -> peer.channel().close());
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.broker.base.Loop;
import java.util.ArrayDeque;
import java.util.Deque;

/** Writes what clients are to get once in each turn of the loop: many packets leave in one call of the system. Loop only. */
public final class Flusher {

    private final Loop loop;
    private final Deque<Client> dirty = new ArrayDeque<>();
    private boolean scheduled;

    public Flusher(Loop loop) {
        this.loop = loop;
    }

    void add(Client client) {
        dirty.add(client);
        if (!scheduled) {
            scheduled = true;
            loop.execute(this::flush);
        }
    }

    private void flush() {
        scheduled = false;
        Client client = dirty.poll();
        while (client != null) {
            client.flush();
            client = dirty.poll();
        }
    }
}

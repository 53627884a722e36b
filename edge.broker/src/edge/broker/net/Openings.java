// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Opens the sessions of one client id one after the other: while a CONNECT is not through, the next one with that id would take
 * over a session that is half open, and both connections would end. Network loop only.
 */
public final class Openings {

    private final Map<String, Queue<Runnable>> waiting = new HashMap<>();

    /** Runs the action now or when the ones before have ended. It must see to it that {@link #end} is called. */
    void begin(String clientId, Runnable action) {
        Queue<Runnable> others = waiting.get(clientId);
        if (others == null) {
            waiting.put(clientId, new ArrayDeque<>());
            action.run();
        } else {
            others.add(action);
        }
    }

    /** The session is open, or its connection is gone: it is the next one's turn. */
    void end(String clientId) {
        Queue<Runnable> others = waiting.get(clientId);
        Runnable next = others == null ? null : others.poll();
        if (next == null) {
            waiting.remove(clientId);
        } else {
            next.run();
        }
    }
}

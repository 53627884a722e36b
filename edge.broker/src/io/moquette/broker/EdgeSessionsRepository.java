// SPDX-License-Identifier: Apache-2.0
package io.moquette.broker;

import edge.broker.session.SessionState;
import io.moquette.persistence.MemorySessionsRepository;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Sessions in memory, each with the part that is ours. */
final class EdgeSessionsRepository extends MemorySessionsRepository {

    private final Map<String, SessionState> states = new ConcurrentHashMap<>();

    SessionState state(String clientId) {
        return states.computeIfAbsent(clientId, id -> SessionState.of(""));
    }

    void own(String clientId, String owner) {
        states.compute(clientId, (id, state) -> state == null ? SessionState.of(owner)
            : new SessionState(owner, state.inbox(), state.outbox()));
    }

    Map<String, SessionState> states() {
        return states;
    }

    @Override
    public void saveSession(SessionData session) {
        super.saveSession(session);
        states.putIfAbsent(session.clientId(), SessionState.of(""));
    }

    @Override
    public void delete(SessionData session) {
        super.delete(session);
        states.remove(session.clientId());
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import java.util.Optional;
import java.util.UUID;

/**
 * This run of the process: its random id and where its monotonic time begins. It outlives this bundle, so that an update of
 * the runtime does not begin a new boot: it is kept in a system property.
 */
record Boot(UUID id, long originNanos) {
    private static final String PROPERTY = "edge.boot";

    static Boot ofThisProcess() {
        String fresh = new Boot(UUID.randomUUID(), System.nanoTime()).text();
        Object kept = System.getProperties().putIfAbsent(PROPERTY, fresh);
        return parse(kept == null ? fresh : (String) kept).orElseThrow();
    }

    String text() {
        return id + " " + originNanos;
    }

    /** The reverse of {@link #text}; empty if it is none. */
    static Optional<Boot> parse(String text) {
        int blank = text.indexOf(' ');
        try {
            return blank < 0 ? Optional.empty()
                : Optional.of(new Boot(UUID.fromString(text.substring(0, blank)), Long.parseLong(text.substring(blank + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import java.util.UUID;

/**
 * This run of the process: its random id and where its monotonic time begins. It outlives this bundle, so that an update of
 * the runtime does not begin a new boot: it is kept in a system property.
 */
record Boot(UUID id, long originNanos) {
    private static final String PROPERTY = "edge.boot";

    static Boot ofThisProcess() {
        String fresh = UUID.randomUUID() + " " + System.nanoTime();
        Object kept = System.getProperties().putIfAbsent(PROPERTY, fresh);
        String text = kept == null ? fresh : (String) kept;
        int blank = text.indexOf(' ');
        return new Boot(UUID.fromString(text.substring(0, blank)), Long.parseLong(text.substring(blank + 1)));
    }
}

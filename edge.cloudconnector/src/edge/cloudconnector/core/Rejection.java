// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.message.RecordKey;

/**
 * A record that does not get through. Nothing behind it in the journal is given up for it, and it is not given up either:
 * it is tried alone, with back-off, until it is taken.
 *
 * @param key the record
 * @param reason why the target, or the encoder, refuses it
 * @param attempts how often it was tried
 */
record Rejection(RecordKey key, String reason, int attempts) {

    /** From that many attempts on, the record counts as refused for good, and somebody must act. */
    static final int FINAL = 5;

    Rejection again(String why) {
        return new Rejection(key, why, attempts + 1);
    }

    boolean isFinal() {
        return attempts >= FINAL;
    }

    Trouble trouble() {
        return new Trouble("Record " + key + " is refused, attempt " + attempts + ": " + reason,
            "Make the target take this record: what was recorded after it waits behind it in the journal", isFinal());
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.journal.disk.Reasons;
import edge.journal.disk.Storage;
import edge.journal.disk.Storage.WriteFile;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes kept on the disk for the moment when it is full: given up, they make room for the marks of the cursors and for
 * entries of the ledger. Any thread.
 */
final class Reserve {

    private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
    private static final String NAME = "reserve";
    static final int BYTES = 1024 * 1024;
    private static final int CHUNK = 64 * 1024;
    /** A disk that has less is not made fuller. */
    static final long WORTHWHILE = 4L * BYTES;

    private final Storage storage;
    private boolean held;

    Reserve(Storage storage) {
        this.storage = storage;
    }

    /** Takes the room if the disk has plenty. */
    synchronized void take() {
        try {
            if (held || storage.list("").contains(NAME) && storage.size(NAME) == BYTES) {
                held = true;
            } else if (storage.free() >= WORTHWHILE) {
                try (WriteFile file = storage.create(NAME)) {
                    for (int done = 0; done < BYTES; done += CHUNK) {
                        file.write(done, new byte[CHUNK], 0, CHUNK);
                    }
                    file.sync();
                }
                held = true;
            }
        } catch (IOException e) {
            LOG.warn("no room kept in {} for the time when its disk is full: {}", storage.place(), Reasons.of(e));
        }
    }

    /** Gives the room up; returns whether there was any. */
    synchronized boolean giveUp() {
        boolean had = held;
        held = false;
        try {
            storage.delete(NAME);
        } catch (IOException e) {
            LOG.warn("the room kept in {} cannot be given up: {}", storage.place(), Reasons.of(e));
            return false;
        }
        return had;
    }
}

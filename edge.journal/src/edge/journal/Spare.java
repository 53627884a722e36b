// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.journal.disk.Reasons;
import edge.journal.disk.Storage;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of an old segment that the next one is written over: the file system then has nothing to do for it. The writer's. */
final class Spare {

    private static final Logger LOG = LoggerFactory.getLogger(Spare.class);
    static final String NAME = "spare";

    private final Storage storage;
    private boolean there;

    Spare(Storage storage) {
        this.storage = storage;
    }

    /** Deletes what another run has left. */
    void clear() throws IOException {
        there = false;
        if (storage.list("").contains(NAME)) {
            try {
                storage.delete(NAME);
            } catch (IOException e) {
                LOG.warn("{} in {} cannot be deleted: {}", NAME, storage.place(), Reasons.of(e));
            }
        }
    }

    boolean isThere() {
        return there;
    }

    /** A segment becomes the spare. */
    void become(Segment segment) throws IOException {
        storage.rename(segment.name(), NAME);
        there = true;
    }

    /** The name of the file to write over, once; empty if there is none. */
    String take() {
        String name = there ? NAME : "";
        there = false;
        return name;
    }
}

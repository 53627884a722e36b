// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

/** The journal could not take or give a record. The message says what failed, where, and what to do. */
public class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What kind of failure it is. */
    public enum Kind {
        /** The quota is reached, or the disk is full; heals when room is made. */
        FULL,
        /** The storage fails: a write or a sync ended in an error. */
        FAILING,
        /** Too many appends wait for the disk; the publisher must slow down. */
        OVERLOADED,
        /** The record is larger than the journal takes. */
        OVERSIZE,
        /** The journal is closed. */
        CLOSED
    }

    private final Kind kind;

    public JournalException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public JournalException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

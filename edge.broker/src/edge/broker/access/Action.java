// SPDX-License-Identifier: Apache-2.0
package edge.broker.access;

/** What a client may be allowed to do with topics. */
public enum Action {
    /** Subscribe; the rule must cover the whole filter. */
    READ(false),
    /** Subscribe together with others: what may be read. */
    SHARE(false),
    /** Publish. */
    WRITE(true),
    /** Publish with the retain flag: what may be written. */
    RETAIN(true),
    /** Leave a last will: what may be written. */
    WILL(true);

    private final boolean publishes;

    Action(boolean publishes) {
        this.publishes = publishes;
    }

    boolean publishes() {
        return publishes;
    }

    /** What a rule allows that does not speak of this action. */
    Action basic() {
        return publishes ? WRITE : READ;
    }
}

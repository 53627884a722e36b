// SPDX-License-Identifier: Apache-2.0
package edge.journal;

/** What has happened to a record when its append completes. */
enum SyncPolicy {
    /** It is synced, with all that was waiting when the disk became free. */
    EACH("synced at once"),
    /** It is synced, at the latest after the interval. */
    INTERVAL("synced at intervals"),
    /** It is written; the operating system syncs when it likes. */
    OS("left to the operating system");

    private final String words;

    SyncPolicy(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import java.util.Arrays;

/**
 * The requests of one connection that wait for an answer, by transaction id, and the ids of those that were given up: an
 * answer that comes too late is recognised and dropped, and its id is not used again meanwhile.
 */
final class InFlight {
    private static final int REMEMBERED = 64;
    private static final int NONE = -1;

    private final Call[] calls = new Call[LinkSettings.MAX_IN_FLIGHT];
    private int count;
    private final int[] abandoned = new int[REMEMBERED];
    private int nextAbandoned;
    private int abandonedCount;
    private int lastTransaction;

    InFlight() {
        Arrays.fill(abandoned, NONE);
    }

    int count() {
        return count;
    }

    /** The call at an index below {@link #count()}. */
    Call get(int index) {
        return calls[index];
    }

    /** Adds a call and gives it its transaction id. */
    void add(Call call) {
        do {
            lastTransaction = lastTransaction + 1 & 0xffff;
        } while (indexOf(lastTransaction) >= 0 || abandonedCount > 0 && isAbandoned(lastTransaction));
        call.transaction = lastTransaction;
        calls[count++] = call;
    }

    /** Where the call with that transaction id is, or -1. */
    int indexOf(int transaction) {
        for (int i = 0; i < count; i++) {
            if (calls[i].transaction == transaction) {
                return i;
            }
        }
        return -1;
    }

    Call remove(int index) {
        Call call = calls[index];
        calls[index] = calls[--count];
        calls[count] = null;
        return call;
    }

    /** Removes a call whose answer is no longer wanted. */
    Call abandon(int index) {
        Call call = remove(index);
        if (abandoned[nextAbandoned] == NONE) {
            abandonedCount++;
        }
        abandoned[nextAbandoned] = call.transaction;
        nextAbandoned = (nextAbandoned + 1) % REMEMBERED;
        return call;
    }

    boolean hasAbandoned() {
        return abandonedCount > 0;
    }

    private boolean isAbandoned(int transaction) {
        for (int id : abandoned) {
            if (id == transaction) {
                return true;
            }
        }
        return false;
    }

    /** Whether that is the late answer to an abandoned call; each counts once. */
    boolean forgetAbandoned(int transaction) {
        for (int i = 0; abandonedCount > 0 && i < REMEMBERED; i++) {
            if (abandoned[i] == transaction) {
                abandoned[i] = NONE;
                abandonedCount--;
                return true;
            }
        }
        return false;
    }

    /** The next connection starts anew. */
    void clear() {
        Arrays.fill(calls, null);
        Arrays.fill(abandoned, NONE);
        count = 0;
        abandonedCount = 0;
    }
}

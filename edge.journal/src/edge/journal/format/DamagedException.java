// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

/** Bytes that are no record. */
public class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    public DamagedException(String message) {
        super(message, null, false, false);
    }
}

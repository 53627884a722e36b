// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

/** Which ways a tag's value may go. Writing is off unless configured. */
public enum Access {
    READ, WRITE, READ_WRITE;

    public boolean canRead() {
        return this != WRITE;
    }

    public boolean canWrite() {
        return this != READ;
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.journal.disk;

import java.io.IOException;

/** There is no room on the disk. */
public class StorageFullException extends IOException {
    private static final long serialVersionUID = 1L;

    public StorageFullException(String message, Throwable cause) {
        super(message, cause);
    }
}

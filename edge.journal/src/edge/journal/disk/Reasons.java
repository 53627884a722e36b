// SPDX-License-Identifier: Apache-2.0
package edge.journal.disk;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What went wrong, in words: Java's own messages are often no more than a path. */
public final class Reasons {

    private Reasons() {
    }

    public static String of(Throwable failure) {
        if (failure instanceof FileSystemException system) {
            String what = system.getReason() != null ? system.getReason() : kind(system);
            return system.getFile() == null ? what : what + " (" + system.getFile() + ")";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static String kind(FileSystemException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        } else if (failure instanceof NoSuchFileException) {
            return "no such file";
        } else if (failure instanceof FileAlreadyExistsException) {
            return "there is a file of that name";
        }
        return failure.getClass().getSimpleName();
    }
}

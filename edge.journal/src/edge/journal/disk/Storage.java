// SPDX-License-Identifier: Apache-2.0
package edge.journal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * All that the journal asks of a file system, so that a test can stand in for a failing one. Names are relative to the
 * journal's folder and use {@code /}. Any thread; a single file belongs to one thread at a time.
 *
 * <p>Nothing is durable before the file is synced, and no name before its folder is.
 */
public interface Storage extends Closeable {

    /** Makes the folders that are missing and takes the lock. */
    void open() throws IOException;

    /** Whether the folder was copied after it was {@linkplain #claim claimed}, as a restored backup is. */
    boolean isCopy() throws IOException;

    /** What is here now is the original. Durable on return. */
    void claim() throws IOException;

    /** Names of the files directly in a folder ({@code ""} for the journal's own); empty if there is no such folder. */
    List<String> list(String folder) throws IOException;

    /** Size in bytes. */
    long size(String name) throws IOException;

    /** A new and empty file; one of that name is emptied. */
    WriteFile create(String name) throws IOException;

    /** Opens a file that is there for writing, with all that it holds. */
    WriteFile reopen(String name) throws IOException;

    /** Opens a file for reading. */
    ReadFile read(String name) throws IOException;

    /** Cuts a file and syncs it. */
    void truncate(String name, long size) throws IOException;

    /** Moves within the journal's folder, in one step, over whatever has the new name. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file if it is there. */
    void delete(String name) throws IOException;

    /** Makes the names in a folder durable. */
    void syncFolder(String folder) throws IOException;

    /** Free bytes on the disk. */
    long free() throws IOException;

    /** The folder, for messages. */
    String place();

    /** Gives the lock back. */
    @Override
    void close();

    /** A file that is written at any place. */
    interface WriteFile extends Closeable {

        /** Writes all of the bytes from the position on, or fails having written any part of them. */
        void write(long position, byte[] bytes, int offset, int length) throws IOException;

        /** Returns when everything written so far is on the device. */
        void sync() throws IOException;
    }

    /** A file that is read at any place. */
    interface ReadFile extends Closeable {

        /** Size now. */
        long size() throws IOException;

        /** Reads up to {@code length} bytes; fewer only at the end of the file, where it returns 0. */
        int read(long position, byte[] target, int offset, int length) throws IOException;
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.journal.disk.Storage.ReadFile;
import java.io.Closeable;
import java.io.IOException;

/** The part of a file that is in memory; it moves forward with what is read. Not thread-safe. */
final class Window implements Closeable {

    private static final int SIZE = 64 * 1024;

    private final ReadFile file;
    private byte[] array = new byte[SIZE];
    private long at;
    private int size;

    Window(ReadFile file) {
        this.file = file;
    }

    /** The bytes; another array after {@link #load}. */
    byte[] array() {
        return array;
    }

    /** Where an offset of the file is in the array. */
    int index(long offset) {
        return (int) (offset - at);
    }

    byte get(long offset) {
        return array[index(offset)];
    }

    /**
     * Has so many bytes in the array, unless the file ends before.
     *
     * @param limit bytes at and behind it are not read
     */
    boolean load(long offset, int count, long limit) throws IOException {
        if (offset >= at && offset + count <= at + size) {
            return true;
        }
        int kept = 0;
        int room = Math.max(SIZE, count);
        byte[] target = array.length == room ? array : new byte[room];
        if (offset >= at && offset < at + size) {
            kept = (int) Math.min(room, at + size - offset);
            System.arraycopy(array, index(offset), target, 0, kept);
        }
        array = target;
        at = offset;
        size = kept;
        int wanted = (int) Math.min(room - kept, limit - offset - kept);
        size += file.read(offset + kept, array, kept, wanted);
        return size >= count;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.journal.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The journal's folder on a real disk. */
public final class DiskStorage implements Storage {

    private static final String LOCK = "lock";
    private static final int LONGEST_CLAIM = 32;
    private static final long NEARLY_NOTHING = 64 * 1024L;

    private final Path folder;
    private final List<String> subfolders;
    private FileChannel lockFile;

    public DiskStorage(Path folder, List<String> subfolders) {
        this.folder = folder.toAbsolutePath().normalize();
        this.subfolders = List.copyOf(subfolders);
    }

    @Override
    public synchronized void open() throws IOException {
        if (lockFile != null) {
            return;
        }
        make(folder);
        for (String name : subfolders) {
            make(folder.resolve(name));
        }
        Path file = folder.resolve(LOCK);
        // What can only be read can still be delivered.
        boolean readOnly = Files.exists(file) && !Files.isWritable(file);
        FileChannel channel = readOnly ? FileChannel.open(file, StandardOpenOption.READ)
            : FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, readOnly);
            if (lock == null) {
                throw new IOException("another process uses it");
            }
            lockFile = channel;
        } catch (OverlappingFileLockException e) {
            throw new IOException("another journal of this process uses it", e);
        } finally {
            if (lockFile == null) {
                channel.close();
            }
        }
    }

    @Override
    public synchronized boolean isCopy() throws IOException {
        String claimed = claimed();
        return !claimed.isEmpty() && !claimed.equals(inode());
    }

    @Override
    public synchronized void claim() throws IOException {
        String inode = inode();
        if (!claimed().equals(inode)) {
            try {
                lockFile.write(ByteBuffer.wrap(inode.getBytes(StandardCharsets.US_ASCII)), 0);
                lockFile.truncate(inode.length());
                lockFile.force(true);
            } catch (NonWritableChannelException e) {
                throw new IOException("it can only be read", e);
            }
        }
    }

    /** What the lock file says of itself; that of a copy has another inode. By this channel: closing another gives up the lock. */
    private String claimed() throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST_CLAIM);
        lockFile.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
    }

    private String inode() throws IOException {
        try {
            return Files.getAttribute(folder.resolve(LOCK), "unix:ino") + "\n";
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return ""; // a file system without them
        }
    }

    /** Makes a folder and its parents, each durable in the one above. */
    private static void make(Path wanted) throws IOException {
        if (Files.isDirectory(wanted)) {
            return;
        }
        Path parent = wanted.getParent();
        if (parent != null) {
            make(parent);
        }
        Files.createDirectory(wanted);
        if (parent != null) {
            sync(parent);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public List<String> list(String name) throws IOException {
        Path directory = folder.resolve(name);
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(Files::isRegularFile).forEach(file -> names.add(file.getFileName().toString()));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public long size(String name) throws IOException {
        return Files.size(folder.resolve(name));
    }

    @Override
    public WriteFile create(String name) throws IOException {
        try {
            return new Writing(FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING));
        } catch (IOException e) {
            throw classified(e);
        }
    }

    @Override
    public WriteFile reopen(String name) throws IOException {
        return new Writing(FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE));
    }

    @Override
    public ReadFile read(String name) throws IOException {
        return new Reading(new RandomAccessFile(folder.resolve(name).toFile(), "r"));
    }

    @Override
    public void truncate(String name, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE)) {
            channel.truncate(size);
            channel.force(true);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    @Override
    public void syncFolder(String name) throws IOException {
        sync(folder.resolve(name));
    }

    @Override
    public long free() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public String place() {
        return folder.toString();
    }

    @Override
    public synchronized void close() {
        if (lockFile != null) {
            try {
                lockFile.close();
            } catch (IOException e) {
                // The process holds nothing more that matters: the next open says so if it does.
            }
            lockFile = null;
        }
    }

    /** Java has no code for "no space left": the message depends on the locale, the free space does not. */
    private IOException classified(IOException failure) {
        String text = failure instanceof FileSystemException system ? system.getReason() : failure.getMessage();
        boolean full = text != null && (text.contains("No space left") || text.contains("quota exceeded"));
        if (!full) {
            try {
                full = free() < NEARLY_NOTHING;
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
        return full ? new StorageFullException("no space left on the disk of " + folder, failure) : failure;
    }

    private final class Writing implements WriteFile {
        // A gather of this size is as fast as a larger one, and NIO keeps its copy outside of the heap for ever.
        private static final int CHUNK = 256 * 1024;

        private final FileChannel channel;

        Writing(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(long position, byte[] bytes, int offset, int length) throws IOException {
            try {
                for (int done = 0; done < length;) {
                    ByteBuffer chunk = ByteBuffer.wrap(bytes, offset + done, Math.min(CHUNK, length - done));
                    done += channel.write(chunk, position + done);
                }
            } catch (IOException e) {
                throw classified(e);
            }
        }

        @Override
        public void sync() throws IOException {
            try {
                channel.force(false);
            } catch (IOException e) {
                throw classified(e);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Not a FileChannel: an interrupt of the reading thread must not close the file. */
    private static final class Reading implements ReadFile {
        private final RandomAccessFile file;

        Reading(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public int read(long position, byte[] target, int offset, int length) throws IOException {
            file.seek(position);
            int done = 0;
            while (done < length) {
                int count = file.read(target, offset + done, length - done);
                if (count < 0) {
                    break;
                }
                done += count;
            }
            return done;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

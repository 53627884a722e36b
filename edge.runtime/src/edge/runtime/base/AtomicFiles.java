// SPDX-License-Identifier: Apache-2.0
package edge.runtime.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Replaces files so that a power cut leaves the old one or the new one, never a part. The new text is on disk when a method
 * returns. Two threads must not write the same file at once.
 */
public final class AtomicFiles {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final AtomicFiles REAL = new AtomicFiles(new Disk());

    private final Disk disk;

    AtomicFiles(Disk disk) {
        this.disk = disk;
    }

    /** Replaces a file; keeps its permissions if it exists. */
    public static void write(Path file, byte[] bytes) throws IOException {
        REAL.replace(file, bytes, Files.exists(file) ? Files.getPosixFilePermissions(file) : null);
    }

    /** Replaces a file that only the user of the gateway may read. */
    public static void writePrivate(Path file, byte[] bytes) throws IOException {
        REAL.replace(file, bytes, OWNER_ONLY);
    }

    /** Gives a complete file its final name. Its bytes are on disk before the name is. */
    public static void moveIntoPlace(Path complete, Path file) throws IOException {
        REAL.disk.sync(complete);
        REAL.disk.rename(complete, file);
        REAL.disk.sync(file.toAbsolutePath().getParent());
    }

    /** Deletes a file; that it is gone is on disk when the method returns. */
    public static boolean delete(Path file) throws IOException {
        boolean existed = Files.deleteIfExists(file);
        if (existed) {
            REAL.disk.sync(file.toAbsolutePath().getParent());
        }
        return existed;
    }

    void replace(Path file, byte[] bytes, Set<PosixFilePermission> permissions) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path fresh = folder.resolve("." + file.getFileName() + ".tmp");
        Files.deleteIfExists(fresh);
        try {
            disk.create(fresh, bytes, permissions);
            disk.sync(fresh);
            disk.rename(fresh, file);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        disk.sync(folder);
    }

    /** The steps that reach the disk, so that a test can end the world between them. */
    static class Disk {

        void create(Path file, byte[] bytes, Set<PosixFilePermission> permissions) throws IOException {
            FileAttribute<?>[] attributes = permissions == null ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
            try (FileChannel channel = FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            }
            if (permissions != null) {
                Files.setPosixFilePermissions(file, permissions);
            }
        }

        void sync(Path fileOrFolder) throws IOException {
            try (FileChannel channel = FileChannel.open(fileOrFolder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }

        void rename(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}

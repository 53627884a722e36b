// SPDX-License-Identifier: Apache-2.0
package edge.runtime.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFilesTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("a.json");
        Files.writeString(file, "old");
    }

    /** The process dies: no catch, no finally of ours would run. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Dies before its n-th step; a file that is being written then is cut in the middle. */
    private static final class DyingDisk extends AtomicFiles.Disk {
        private final int last;
        private final List<String> steps = new ArrayList<>();

        DyingDisk(int last) {
            this.last = last;
        }

        private void step(String name) {
            if (steps.size() == last) {
                throw new Killed();
            }
            steps.add(name);
        }

        @Override
        void create(Path file, byte[] bytes, Set<PosixFilePermission> permissions) throws IOException {
            Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            step("create");
            Files.delete(file);
            super.create(file, bytes, permissions);
        }

        @Override
        void sync(Path fileOrFolder) throws IOException {
            step(Files.isDirectory(fileOrFolder) ? "sync folder" : "sync file");
            super.sync(fileOrFolder);
        }

        @Override
        void rename(Path from, Path to) throws IOException {
            step("rename");
            super.rename(from, to);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void death_at_any_step_leaves_the_old_or_the_new_text_and_the_next_write_works(int step) throws IOException {
        AtomicFiles dying = new AtomicFiles(new DyingDisk(step));

        assertThatThrownBy(() -> dying.replace(file, "newer".getBytes(StandardCharsets.UTF_8), null))
            .isInstanceOf(Killed.class);

        assertThat(Files.readString(file)).isEqualTo(step < 3 ? "old" : "newer");
        AtomicFiles.write(file, "newest".getBytes(StandardCharsets.UTF_8));
        assertThat(Files.readString(file)).isEqualTo("newest");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void the_bytes_are_on_disk_before_the_name_and_the_name_before_the_return() throws IOException {
        DyingDisk disk = new DyingDisk(Integer.MAX_VALUE);

        new AtomicFiles(disk).replace(file, new byte[10], null);

        assertThat(disk.steps).containsExactly("create", "sync file", "rename", "sync folder");
    }

    @Test
    void permissions_of_an_existing_file_stay_and_private_ones_are_private_whatever_was_there() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));

        AtomicFiles.write(file, new byte[1]);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-rw-r--");
        AtomicFiles.writePrivate(file, new byte[1]);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void an_error_of_the_disk_leaves_the_old_file_and_no_rubbish() {
        AtomicFiles full = new AtomicFiles(new AtomicFiles.Disk() {
            @Override
            void sync(Path fileOrFolder) throws IOException {
                throw new IOException("No space left on device");
            }
        });

        assertThatThrownBy(() -> full.replace(file, new byte[10], null)).hasMessageContaining("No space");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }
}

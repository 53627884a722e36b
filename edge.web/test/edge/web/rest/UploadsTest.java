// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.web.http.HttpProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadsTest {
    @TempDir
    private Path folder;
    private Uploads uploads;

    @BeforeEach
    void start() throws IOException {
        uploads = new Uploads(folder.resolve("uploads"));
    }

    private Uploads.Upload keep(String name) throws IOException {
        return uploads.keep(Files.writeString(uploads.folder().resolve("arriving"), "abc"), name);
    }

    @Test
    void an_upload_is_kept_with_its_size_and_hash() throws Exception {
        Uploads.Upload upload = keep("driver.jar");

        assertThat(uploads.get(upload.id()).file()).hasContent("abc");
        assertThat(upload.size()).isEqualTo(3);
        assertThat(upload.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void the_uploaders_name_is_never_a_path() throws Exception {
        for (String name : new String[] {"../../etc/passwd", "/etc/passwd", "..\\x", "a\nb", "x".repeat(5000)}) {
            Uploads.Upload upload = keep(name);

            assertThat(upload.file()).hasParent(uploads.folder());
            assertThat(upload.name()).doesNotContain("/", "\\", "\n").hasSizeLessThanOrEqualTo(100);
        }
    }

    @Test
    void only_the_newest_few_are_kept() throws Exception {
        Uploads.Upload first = keep("first.jar");
        for (int i = 0; i < 4; i++) {
            keep("more.jar");
        }

        assertThatThrownBy(() -> uploads.get(first.id())).isInstanceOf(HttpProblem.class);
        assertThat(first.file()).doesNotExist();
        assertThat(uploads.folder()).isDirectoryContaining("glob:**.jar");
    }

    @Test
    void nothing_is_left_of_an_earlier_run() throws Exception {
        keep("driver.jar");

        new Uploads(uploads.folder());
        assertThat(uploads.folder()).isEmptyDirectory();
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import edge.runtime.base.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The gateway's id: 128 random bits made at first boot, in the file {@value #FILE} of the data directory. */
final class Identity {
    static final String FILE = "gateway-id";

    private Identity() {
    }

    /**
     * The id of this data directory, made if there is none.
     *
     * @throws IOException if the directory cannot be written, or if the file holds something else: an id is part of the key
     *     of every record, so a new one is never made in its place
     */
    static UUID of(Path data) throws IOException {
        Path file = data.resolve(FILE);
        if (Files.exists(file)) {
            return read(file);
        }
        UUID id = UUID.randomUUID();
        Files.createDirectories(data);
        AtomicFiles.write(file, (id + "\n").getBytes(StandardCharsets.US_ASCII));
        return id;
    }

    private static UUID read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.US_ASCII).trim();
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equals(text)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            throw damaged(file, e);
        }
        throw damaged(file, null);
    }

    private static IOException damaged(Path file, Throwable cause) {
        return new IOException(file + " does not hold the gateway's id. Restore it from a copy or from the records that this "
            + "gateway has sent; delete it only to make this another gateway", cause);
    }
}

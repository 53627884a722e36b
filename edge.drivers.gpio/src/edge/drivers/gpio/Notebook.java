// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a device remembers from one run to the next: whether it was stopped in order, and its counts. One small file, replaced
 * atomically. A disk that is full or read-only costs the memory, not the device. One thread.
 */
final class Notebook {

    private static final Logger LOG = LoggerFactory.getLogger(Notebook.class);

    private final Path file;
    private boolean failing;

    Notebook(Path file) {
        this.file = file;
    }

    /**
     * @param clean whether the device was stopped in order
     * @param counts pulses by the counters' names
     */
    record Page(boolean clean, Map<String, Long> counts) {
    }

    /** The last page; empty if there is none, or none that can be read. */
    Optional<Page> read() {
        try {
            Json.Obj page = JsonParser.parse(Files.readString(file)).asObject();
            Map<String, Long> counts = new LinkedHashMap<>();
            for (Map.Entry<String, Json> count : page.get("counts").asObject().members().entrySet()) {
                counts.put(count.getKey(), count.getValue().asInteger(0, Long.MAX_VALUE));
            }
            return Optional.of(new Page(page.get("clean").asBool(), counts));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | JsonException e) {
            LOG.warn("{} cannot be read and is made anew; counters begin at 0: {}", file, e.toString());
            return Optional.empty();
        }
    }

    void write(Page page) {
        String counts = page.counts().entrySet().stream()
            .map(count -> '"' + count.getKey() + "\": " + count.getValue()).collect(Collectors.joining(", "));
        String text = "{\"clean\": " + page.clean() + ", \"counts\": {" + counts + "}}\n";
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel out = FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
                out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                out.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel folder = FileChannel.open(file.getParent())) {
                folder.force(true);
            }
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("{} cannot be written; the counts of this run will be forgotten: {}", file, e.toString());
            }
            failing = true;
        }
    }
}

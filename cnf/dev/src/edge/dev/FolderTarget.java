// SPDX-License-Identifier: Apache-2.0
package edge.dev;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

/** A gateway on this machine, reached through its data directory. */
final class FolderTarget implements Target {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final long LOOK_MILLIS = 20;

    private final Path data;
    private final Path jar;
    private final Path feature;

    FolderTarget(Path data, String name) throws StopException {
        this.data = data;
        Path deploy = data.resolve("deploy");
        this.jar = deploy.resolve(name).resolve(name + ".jar");
        this.feature = deploy.resolve(name + ".feature.json");
        if (!Files.isDirectory(deploy)) {
            throw new StopException("there is no gateway in " + data + ": its folder deploy is missing");
        }
    }

    @Override
    public void configure(String pid, String text) throws IOException {
        Path file = data.resolve("etc").resolve(pid + ".cfg.json");
        if (!Files.exists(file)) {
            put(text.getBytes(StandardCharsets.UTF_8), file);
        }
    }

    /** Whoever looks at the folder sees a whole file or none. */
    private static void put(byte[] bytes, Path file) throws IOException {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        Files.write(part, bytes);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String deploy(Path built) throws IOException, InterruptedException {
        Path done = feature.resolveSibling(feature.getFileName() + ".deployed.txt");
        Path rejected = feature.resolveSibling(feature.getFileName() + ".rejected.txt");
        FileTime doneBefore = time(done);
        FileTime rejectedBefore = time(rejected);
        Files.createDirectories(jar.getParent());
        put(Files.readAllBytes(built), jar);
        // Somebody is looking on: it is kept at once.
        put(("{\"why\": \"saved while developing\", \"probation\": 0, \"changes\": [{\"action\": \"install\", \"file\": \""
            + jar.getParent().getFileName() + "/" + jar.getFileName() + "\"}]}\n").getBytes(StandardCharsets.UTF_8), feature);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < end) {
            if (!time(rejected).equals(rejectedBefore) && Files.exists(rejected)) {
                return "rejected:\n" + Files.readString(rejected).strip() + "\n ";
            }
            if (!time(done).equals(doneBefore) && !Files.exists(feature)) {
                return "deployed";
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return "not taken, is the gateway running? Given up";
    }

    private static FileTime time(Path file) throws IOException {
        return Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import edge.web.http.HttpProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Files that were uploaded and wait to be deployed. A few at a time, and not for long. Any thread. */
public final class Uploads {
    private static final int MOST = 4;
    private static final long KEPT_NANOS = Duration.ofMinutes(30).toNanos();

    /**
     * @param id made by the gateway; the name on the uploader's side is never a path here
     * @param name what the uploader calls it, for people
     * @param sha256 in hexadecimal
     */
    record Upload(String id, Path file, String name, long size, String sha256, long sinceNanos) {
    }

    private final Path folder;
    private final Map<String, Upload> kept = new LinkedHashMap<>(); // guarded by this

    /** @param folder emptied: nothing from an earlier run is deployed */
    public Uploads(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        clear();
    }

    /** Where requests are written to while they arrive. */
    public Path folder() {
        return folder;
    }

    /** Keeps a file that has arrived whole. */
    Upload keep(Path arrived, String name) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(arrived), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        String id = UUID.randomUUID().toString();
        Path file = folder.resolve(id + ".jar");
        Files.move(arrived, file, StandardCopyOption.ATOMIC_MOVE);
        Upload upload = new Upload(id, file, plain(name), Files.size(file), HexFormat.of().formatHex(digest.digest()),
            System.nanoTime());
        synchronized (this) {
            kept.put(id, upload);
            while (kept.size() > MOST) {
                remove(kept.keySet().iterator().next());
            }
        }
        return upload;
    }

    synchronized Upload get(String id) throws HttpProblem {
        Upload upload = kept.get(id);
        if (upload == null) {
            throw HttpProblem.notFound("That upload is gone. Upload the file again.");
        }
        return upload;
    }

    synchronized boolean remove(String id) throws IOException {
        Upload upload = kept.remove(id);
        return upload != null && Files.deleteIfExists(upload.file());
    }

    /** Forgets what nobody deployed. */
    public synchronized void sweep() throws IOException {
        long now = System.nanoTime();
        for (Upload upload : java.util.List.copyOf(kept.values())) {
            if (now - upload.sinceNanos() > KEPT_NANOS) {
                remove(upload.id());
            }
        }
    }

    /** Deletes every file. */
    public synchronized void clear() throws IOException {
        kept.clear();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String plain(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9._+-]", "_");
        return plain.length() > 100 ? plain.substring(plain.length() - 100) : plain;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

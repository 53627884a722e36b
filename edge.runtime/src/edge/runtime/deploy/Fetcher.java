// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.Change;
import edge.runtime.base.DataDirectory;
import edge.runtime.base.Sha256;
import edge.runtime.deploy.JarCheck.RejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** Fetches a jar from a URL: bounded in time and size, and only with a checksum that somebody else told. */
final class Fetcher {
    static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Set<String> SCHEMES = Set.of("http", "https", "file");
    private static final int SILENCE_MILLIS = 15_000;

    private final long mostBytes;

    Fetcher(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    void fetch(Change.Fetch fetch, Path into) throws RejectedException {
        String scheme = requireFetchable(fetch);
        try {
            try (InputStream in = scheme.equals("file") ? file(fetch.from()) : remote(fetch.from());
                OutputStream out = Files.newOutputStream(into)) {
                copy(in, out);
            }
            String got = Sha256.of(into);
            if (!got.equalsIgnoreCase(fetch.sha256())) {
                // Of a file that is no jar not even the hash is told: it may be a secret.
                throw new RejectedException(fetch.from() + " is not what was wanted: " + (JarCheck.isComplete(into)
                    ? "its SHA-256 is " + got : "it is no jar") + ".");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new RejectedException(fetch.from() + " cannot be fetched: "
                + (e instanceof IOException io ? DataDirectory.reason(io) : e.getMessage()) + ".");
        }
    }

    /**
     * Whether a jar may be fetched from there at all.
     *
     * @return the scheme
     * @throws RejectedException with the reason why not
     */
    static String requireFetchable(Change.Fetch fetch) throws RejectedException {
        URI from = fetch.from();
        String scheme = String.valueOf(from.getScheme()).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw new RejectedException(from + " cannot be fetched: use an https, http or file URL.");
        }
        if (!fetch.sha256().matches("[0-9a-fA-F]{64}")) {
            throw new RejectedException("The SHA-256 of the jar is missing: give its 64 hexadecimal digits.");
        }
        return scheme;
    }

    private static InputStream remote(URI from) throws IOException, RejectedException {
        URLConnection connection = from.toURL().openConnection();
        connection.setConnectTimeout(SILENCE_MILLIS);
        connection.setReadTimeout(SILENCE_MILLIS);
        connection.setUseCaches(false);
        if (connection instanceof HttpURLConnection http && http.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new RejectedException(from + " cannot be fetched: the server answered " + http.getResponseCode() + ".");
        }
        return connection.getInputStream();
    }

    /** A pipe or a device would keep the deployer waiting. */
    private static InputStream file(URI from) throws IOException, RejectedException {
        Path file = Path.of(from);
        if (!Files.isRegularFile(file)) {
            throw new RejectedException(from + " cannot be fetched: it is no file.");
        }
        return Files.newInputStream(file);
    }

    private void copy(InputStream in, OutputStream out) throws IOException, RejectedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        byte[] buffer = new byte[16_384];
        long size = 0;
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            size += length;
            if (size > mostBytes) {
                throw new RejectedException("The file is larger than " + (mostBytes >> 20) + " MiB.");
            }
            if (System.nanoTime() - end > 0) {
                throw new RejectedException("Fetching took longer than " + LIMIT.toMinutes() + " minutes.");
            }
            out.write(buffer, 0, length);
        }
    }
}

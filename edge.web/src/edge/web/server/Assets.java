// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * The console's files, compressed once. Every file but the page itself is asked for by an address that carries the hash of
 * its content, so that browsers never ask for it again; the page carries an import map that leads from module names to
 * those addresses. Immutable.
 */
public final class Assets {

    /** Where the files are, below the host. */
    static final String PREFIX = "/assets/";

    private static final String MAP_MARK = "<!-- import map -->";
    private static final String PRELOAD_MARK = "<!-- preload -->";
    private static final Map<String, String> TYPES = Map.of("js", "text/javascript; charset=utf-8", "css",
        "text/css; charset=utf-8", "html", "text/html; charset=utf-8", "svg", "image/svg+xml", "json",
        "application/json", "txt", "text/plain; charset=utf-8", "webmanifest", "application/manifest+json");

    /**
     * @param gzip the same, compressed
     * @param etag the hash of its content, quoted
     */
    record Asset(String contentType, byte[] bytes, byte[] gzip, String etag) {
    }

    private final Map<String, Asset> files = new TreeMap<>();
    private final Asset page;
    private final String scriptHash;

    /**
     * @param files content by name relative to the folder of the assets
     * @param page the HTML page, with a mark where the import map goes and one for the files that it needs at once, and
     *     addresses of files written as {@code /assets/NAME}
     * @param modules what modules call each other by, and the file that is meant
     */
    public Assets(Map<String, byte[]> files, String page, Map<String, String> modules) {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            this.files.put(file.getKey(), asset(file.getKey(), file.getValue()));
        }
        Map<String, String> imports = new LinkedHashMap<>();
        StringBuilder preload = new StringBuilder();
        for (String name : this.files.keySet()) {
            if (name.endsWith(".js")) {
                imports.put(PREFIX + name, address(name));
                if (!name.startsWith("pages/")) {
                    preload.append("<link rel=\"modulepreload\" href=\"").append(address(name)).append("\">\n");
                }
            }
        }
        modules.forEach((module, name) -> imports.put(module, address(name)));
        String map = importMap(imports);
        this.scriptHash = "'sha256-" + Base64.getEncoder().encodeToString(sha256(map.getBytes(StandardCharsets.UTF_8)))
            + "'";
        String html = page.replace(MAP_MARK, "<script type=\"importmap\">" + map + "</script>")
            .replace(PRELOAD_MARK, preload.toString().strip());
        for (String name : this.files.keySet()) {
            html = html.replace("\"" + PREFIX + name + "\"", "\"" + address(name) + "\"");
        }
        // Inside of the map the plain addresses are the keys.
        html = html.replaceFirst("(?s)<script type=\"importmap\">.*?</script>",
            java.util.regex.Matcher.quoteReplacement("<script type=\"importmap\">" + map + "</script>"));
        this.page = asset("index.html", html.getBytes(StandardCharsets.UTF_8));
    }

    Asset page() {
        return page;
    }

    Optional<Asset> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    /** The source expression with which a content security policy allows the page's import map. */
    String scriptHash() {
        return scriptHash;
    }

    private String address(String name) {
        Asset asset = files.get(name);
        if (asset == null) {
            throw new IllegalArgumentException("the console has no file " + name);
        }
        return PREFIX + name + "?v=" + asset.etag().substring(1, 13);
    }

    private static String importMap(Map<String, String> imports) {
        StringBuilder map = new StringBuilder("{\"imports\":{");
        imports.forEach((from, to) -> map.append(map.charAt(map.length() - 1) == '{' ? "" : ",\n").append('"')
            .append(from).append("\":\"").append(to).append('"'));
        return map.append("}}").toString();
    }

    private static Asset asset(String name, byte[] bytes) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException("no content type is known for the console's file " + name);
        }
        String etag = '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(bytes)).substring(0, 22) + '"';
        return new Asset(type, bytes, gzip(bytes), etag);
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return compressed.toByteArray();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

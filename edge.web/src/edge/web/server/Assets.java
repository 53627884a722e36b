// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    /** What the first view needs: the frame and the page that most people see first. */
    private static final List<String> FIRST = List.of("main.js", "pages/page-overview.js");
    private static final Pattern STATIC_IMPORT = Pattern.compile("(?:import|from)\\s*[\"']([^\"']+)[\"']");
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
        for (String name : this.files.keySet()) {
            if (name.endsWith(".js")) {
                imports.put(PREFIX + name, address(name));
            }
        }
        StringBuilder preload = new StringBuilder();
        for (String name : needed(FIRST, modules)) {
            preload.append("<link rel=\"modulepreload\" href=\"").append(address(name)).append("\">\n");
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
            Matcher.quoteReplacement("<script type=\"importmap\">" + map + "</script>"));
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

    /** Modules and everything that they import, so that a slow link carries all of them at once and nothing else. */
    private Set<String> needed(List<String> first, Map<String, String> modules) {
        Set<String> needed = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(first);
        while (!open.isEmpty()) {
            String name = open.removeFirst();
            if (files.containsKey(name) && needed.add(name)) {
                Matcher imported = STATIC_IMPORT.matcher(new String(files.get(name).bytes(), StandardCharsets.UTF_8));
                while (imported.find()) {
                    String target = imported.group(1);
                    open.add(target.startsWith(".") ? URI.create(name).resolve(target).toString()
                        : modules.getOrDefault(target, target));
                }
            }
        }
        return needed;
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

// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;

/** Reads the console's files from the bundle. */
final class ConsoleFiles {
    private static final String FOLDER = "console/assets/";
    private static final String LIBRARIES = "META-INF/resources/webjars/";
    /** Package without its scope, version, file. */
    private static final Pattern LIBRARY = Pattern.compile(LIBRARIES + "(?:lit__)?([a-z-]+)/[0-9.]+/(.+\\.js)$");

    private ConsoleFiles() {
    }

    static Assets load(Bundle bundle) {
        Map<String, byte[]> files = new TreeMap<>();
        for (URL url : Collections.list(bundle.findEntries(FOLDER, "*", true))) {
            String path = url.getPath();
            if (!path.endsWith("/")) {
                files.put(path.substring(path.indexOf(FOLDER) + FOLDER.length()), read(url));
            }
        }
        for (URL url : Collections.list(bundle.findEntries(LIBRARIES, "*", true))) {
            Matcher library = LIBRARY.matcher(url.getPath());
            if (library.find()) {
                files.put("lib/" + library.group(1) + "/" + library.group(2), read(url));
            }
        }
        return new Assets(files, new String(read(bundle.getEntry("console/index.html")), StandardCharsets.UTF_8),
            modules(files));
    }

    /** The OpenAPI document of the REST API. */
    static byte[] description(Bundle bundle) {
        return read(bundle.getEntry("console/openapi.json"));
    }

    /** Lit's packages call each other by name. */
    static Map<String, String> modules(Map<String, byte[]> files) {
        Map<String, String> modules = new LinkedHashMap<>();
        modules.put("lit", "lib/lit/index.js");
        modules.put("lit-html", "lib/lit-html/lit-html.js");
        modules.put("@lit/reactive-element", "lib/reactive-element/reactive-element.js");
        modules.put("lit-element/lit-element.js", "lib/lit-element/lit-element.js");
        for (String name : files.keySet()) {
            if (name.startsWith("lib/lit-html/directives/")) {
                modules.put("lit/" + name.substring("lib/lit-html/".length()), name);
            }
            if (name.equals("lib/lit-html/is-server.js")) {
                modules.put("lit-html/is-server.js", name);
            }
        }
        return modules;
    }

    private static byte[] read(URL url) {
        try (InputStream in = url.openStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + url, e);
        }
    }
}

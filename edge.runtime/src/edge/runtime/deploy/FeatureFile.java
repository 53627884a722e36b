// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.Change;
import edge.api.deploy.DeploymentRequest;
import edge.json.DeploymentJson;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * A file {@code NAME.feature.json} in the watched folder: bundles and configurations that are deployed together. Its jars lie in
 * a folder beside it, so that they are not deployed by themselves, or come from URLs.
 */
final class FeatureFile {
    static final String SUFFIX = ".feature.json";

    private FeatureFile() {
    }

    static boolean is(Path file) {
        return file.getFileName().toString().endsWith(SUFFIX);
    }

    static DeploymentRequest read(Path file) throws IOException, JsonException {
        Path folder = file.toAbsolutePath().getParent().normalize();
        return DeploymentJson.request(JsonParser.parse(Files.readString(file)).asObject(), install -> jar(folder, install));
    }

    private static Change.Install jar(Path folder, Json.Obj install) throws JsonException {
        install.allowOnly(Set.of("action", "file"));
        String name = install.text("file");
        Path jar = folder.resolve(name).normalize();
        if (!jar.startsWith(folder) || jar.getParent().equals(folder)) {
            throw install.get("file").place().problem("must be a jar in a folder beside this file: FOLDER/NAME.jar");
        }
        if (!Files.isRegularFile(jar)) {
            throw install.get("file").place().problem("there is no " + name + " beside this file");
        }
        return new Change.Install(jar, "feature " + file(folder, jar));
    }

    private static String file(Path folder, Path jar) {
        return folder.relativize(jar).toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.runtime.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where this gateway keeps what is its own, and where the product image lies. */
public final class DataDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final String DATA = "edge.data";
    private static final String IMAGE = "edge.image";

    private DataDirectory() {
    }

    /**
     * A folder of the data directory. It is made if it is missing; if that fails, the log says so and the folder stays
     * missing: whoever reads it finds nothing, whoever writes to it gets the error again.
     *
     * @throws IllegalStateException if the framework property is missing
     */
    public static Path folder(BundleContext context, String name) {
        Path folder = root(context).resolve(name);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            LOG.error("The folder {} cannot be made: {}. Make the data directory writable for the user of the gateway.",
                folder, reason(e));
        }
        return folder;
    }

    public static Path root(BundleContext context) {
        String data = context.getProperty(DATA);
        if (data == null || data.isBlank()) {
            throw new IllegalStateException("the framework property '" + DATA
                + "' is missing: set it to the folder in which this gateway keeps its data");
        }
        return Path.of(data).toAbsolutePath().normalize();
    }

    /** A folder of the product image; in a launch without an image, a folder that does not exist. */
    public static Path image(BundleContext context, String name) {
        String image = context.getProperty(IMAGE);
        return image == null || image.isBlank() ? root(context).resolve("no-image").resolve(name)
            : Path.of(image).toAbsolutePath().normalize().resolve(name);
    }

    /** What went wrong with a file, for people: the JDK's messages are often the file's name alone. */
    public static String reason(IOException problem) {
        return problem.getClass() == IOException.class && problem.getMessage() != null ? problem.getMessage()
            : problem.getClass().getSimpleName().replace("Exception", "") + " " + problem.getMessage();
    }
}

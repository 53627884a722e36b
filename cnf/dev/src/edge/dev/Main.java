// SPDX-License-Identifier: Apache-2.0
package edge.dev;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings a project into a running gateway, again each time one of its files is saved. */
public final class Main {

    private Main() {
    }

    /**
     * @param arguments pairs of {@code --project DIR}, {@code --classpath JARS}, {@code --defaults FILE.bnd} and either
     *     {@code --data DIR} or {@code --to URL} with {@code --fingerprint SHA256}; {@code --once} at the end builds once
     */
    public static void main(String[] arguments) throws Exception {
        boolean once = arguments.length > 0 && arguments[arguments.length - 1].equals("--once");
        int length = once ? arguments.length - 1 : arguments.length;
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        try {
            Path folder = Path.of(options.get("--project")).toRealPath();
            List<Path> classpath = Arrays.stream(options.get("--classpath").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty()).map(Path::of).toList();
            Project project = new Project(folder, classpath, Optional.ofNullable(options.get("--defaults")).map(Path::of));
            run(project, target(project, options), once);
        } catch (StopException e) {
            stop(e.getMessage());
        } catch (IOException e) {
            stop("the gateway or the project cannot be reached: " + e);
        }
    }

    private static void stop(String why) {
        System.err.println("edge dev: " + why);
        System.exit(1);
    }

    private static Target target(Project project, Map<String, String> options) throws IOException, StopException {
        if (options.containsKey("--to")) {
            return RestTarget.connect(options.get("--to"), Optional.ofNullable(options.get("--fingerprint")),
                Optional.ofNullable(System.getenv("EDGE_TOKEN")));
        }
        return new FolderTarget(Path.of(options.get("--data")), project.name());
    }

    private static void run(Project project, Target target, boolean once) throws Exception {
        try (Watch watch = new Watch(project.watched())) {
            boolean configured = false;
            while (true) {
                long start = System.nanoTime();
                try {
                    Path jar = project.build();
                    long built = System.nanoTime();
                    if (!configured) {
                        for (Path file : project.configurations()) {
                            target.configure(file.getFileName().toString().replaceAll("\\.cfg\\.json$", ""), Files.readString(file));
                        }
                        configured = true;
                    }
                    String outcome = target.deploy(jar);
                    System.out.printf("%s: built in %d ms, %s after %d ms%n", project.name(), millis(built - start), outcome,
                        millis(System.nanoTime() - start));
                } catch (Project.BuildException e) {
                    System.out.println(e.getMessage());
                } catch (IOException e) {
                    System.out.println(project.name() + ": the gateway cannot be reached (" + e + "); save again to try again");
                }
                System.out.flush();
                if (once) {
                    return;
                }
                watch.await();
            }
        }
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}

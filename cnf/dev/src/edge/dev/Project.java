// SPDX-License-Identifier: Apache-2.0
package edge.dev;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import aQute.lib.utf8properties.UTF8Properties;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A driver's project: a folder with bnd.bnd, src and maybe resources and etc. Built in this process, which is warm. */
final class Project {
    private final Path folder;
    private final String name;
    private final List<Path> classpath;
    private final Optional<Path> defaults;
    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

    /** It does not compile, or is no bundle; the message is what the tools said. */
    static final class BuildException extends Exception {
        private static final long serialVersionUID = 1L;

        BuildException(String message) {
            super(message);
        }
    }

    /** @param defaults what bnd.bnd inherits, as in a workspace */
    Project(Path folder, List<Path> classpath, Optional<Path> defaults) throws StopException {
        this.folder = folder;
        this.name = folder.getFileName().toString();
        this.classpath = classpath;
        this.defaults = defaults;
        if (compiler == null) {
            throw new StopException("this Java has no compiler; use a JDK");
        }
        if (!Files.isRegularFile(folder.resolve("bnd.bnd"))) {
            throw new StopException(folder + " has no bnd.bnd; make a project with ./edge new driver NAME");
        }
    }

    String name() {
        return name;
    }

    List<Path> watched() {
        return List.of(folder.resolve("src"), folder.resolve("resources"));
    }

    /** The configurations that come with the project. */
    List<Path> configurations() throws IOException {
        Path etc = folder.resolve("etc");
        if (!Files.isDirectory(etc)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(etc)) {
            return files.filter(file -> file.toString().endsWith(".cfg.json")).sorted().toList();
        }
    }

    /** Compiles everything anew and makes the bundle. */
    Path build() throws IOException, BuildException {
        Path work = folder.resolve("generated/dev");
        Path classes = work.resolve("classes");
        delete(classes);
        Files.createDirectories(classes);
        compile(classes);
        Path jar = work.resolve(name + ".jar");
        try (Builder builder = new Builder()) {
            UTF8Properties properties = new UTF8Properties();
            // As bnd does it in a workspace: what is inherited first.
            builder.setBase(folder.toFile());
            builder.setProperty("workspace", defaults.map(Path::getParent).orElse(folder).toString());
            if (defaults.isPresent()) {
                properties.putAll(builder.loadProperties(defaults.get().toFile()));
            }
            properties.putAll(builder.loadProperties(folder.resolve("bnd.bnd").toFile()));
            properties.setProperty("Bundle-SymbolicName", name);
            builder.addProperties(properties);
            List<File> libraries = new ArrayList<>(List.of(classes.toFile()));
            classpath.forEach(library -> libraries.add(library.toFile()));
            builder.setClasspath(libraries.toArray(File[]::new));
            try (Jar content = new Jar(name, classes.toFile())) {
                builder.setJar(content);
                builder.build();
                if (!builder.getErrors().isEmpty()) {
                    throw new BuildException(String.join("\n", builder.getErrors()));
                }
                builder.getJar().write(jar.toFile());
            }
            return jar;
        } catch (IOException | BuildException e) {
            throw e;
        } catch (Exception e) {
            throw new BuildException("bnd cannot make the bundle: " + e);
        }
    }

    private void compile(Path classes) throws IOException, BuildException {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8);
            Stream<Path> sources = Files.walk(folder.resolve("src"))) {
            List<Path> all = sources.filter(file -> file.toString().endsWith(".java")).toList();
            StringBuilder path = new StringBuilder();
            classpath.forEach(entry -> path.append(entry).append(File.pathSeparator));
            List<String> options = List.of("--release", "17", "-g", "-proc:none", "-encoding", "UTF-8", "-classpath",
                path.toString(), "-d", classes.toString());
            boolean good = compiler.getTask(new StringWriter(), files, found, options, null,
                files.getJavaFileObjectsFromPaths(all)).call();
            if (!good) {
                throw new BuildException(words(found));
            }
        }
    }

    private String words(DiagnosticCollector<JavaFileObject> found) {
        StringBuilder words = new StringBuilder(name + " does not compile:");
        for (Diagnostic<? extends JavaFileObject> one : found.getDiagnostics()) {
            if (one.getKind() == Diagnostic.Kind.ERROR) {
                words.append("\n  ");
                if (one.getSource() != null) {
                    words.append(folder.relativize(Path.of(one.getSource().toUri()))).append(':').append(one.getLineNumber())
                        .append(": ");
                }
                words.append(one.getMessage(Locale.ROOT));
            }
        }
        return words.toString();
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}

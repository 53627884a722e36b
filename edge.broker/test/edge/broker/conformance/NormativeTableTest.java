// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table in docs/reference/mqtt-conformance.md has every normative statement, and the tests that it names prove them. */
class NormativeTableTest {

    /** How many statements each section of the standard has; appendix B lists them. */
    private static final String SECTIONS = "1.5.3:3 2.2.2:2 2.3.1:7 3.1.0:2 3.1.2:24 3.1.3:11 3.1.4:5 3.2.0:1 3.2.2:6 3.3.1:12 "
        + "3.3.2:3 3.3.4:1 3.3.5:2 3.6.1:1 3.8.1:1 3.8.3:4 3.8.4:6 3.9.3:2 3.10.1:1 3.10.3:2 3.10.4:6 3.12.4:1 3.14.1:1 3.14.4:3 "
        + "4.1.0:2 4.3.1:1 4.3.2:2 4.3.3:2 4.4.0:1 4.5.0:2 4.6.0:6 4.7.1:3 4.7.2:1 4.7.3:4 4.8.0:2 6.0.0:4 7.0.0:2 7.1.1:1 7.1.2:1";
    private static final Path TABLE = Path.of(System.getProperty("edge.workspace", ".."), "docs", "reference", "mqtt-conformance.md");
    private static final Pattern ROW = Pattern.compile("\\| (\\d+\\.\\d+\\.\\d+-\\d+) \\| ([^|]+) \\| ([^|]+) \\|");
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");

    private static List<String> statements() {
        List<String> all = new ArrayList<>();
        for (String section : SECTIONS.split(" ")) {
            String[] parts = section.split(":");
            for (int i = 1; i <= Integer.parseInt(parts[1]); i++) {
                all.add(parts[0] + "-" + i);
            }
        }
        return all;
    }

    /** Tests by the statement that they say they prove. */
    private static Map<String, Set<String>> annotated() throws IOException, ClassNotFoundException {
        Path root = Path.of(URI.create(NormativeTableTest.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        Map<String, Set<String>> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith("Test.class")).toList()) {
                String name = root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
                Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()), false,
                    NormativeTableTest.class.getClassLoader());
                for (Method method : type.getDeclaredMethods()) {
                    Normative normative = method.getAnnotation(Normative.class);
                    for (String statement : normative == null ? new String[0] : normative.value()) {
                        found.computeIfAbsent(statement, s -> new TreeSet<>()).add(type.getSimpleName() + "." + method.getName());
                    }
                }
            }
        }
        return found;
    }

    @Test
    void every_normative_statement_has_a_row_with_the_tests_that_prove_it_or_the_reason_why_there_is_none() throws Exception {
        Map<String, Set<String>> annotated = annotated();
        List<String> rows = new ArrayList<>();
        Matcher row = ROW.matcher(Files.readString(TABLE));
        while (row.find()) {
            rows.add(row.group(1));
            Set<String> named = new TreeSet<>();
            Matcher test = TEST.matcher(row.group(3));
            while (test.find()) {
                named.add(test.group(1) + "." + test.group(2));
            }
            assertThat(named).as("tests in the row of %s", row.group(1)).isEqualTo(annotated.getOrDefault(row.group(1), Set.of()));
            if (named.isEmpty()) {
                assertThat(row.group(3)).as("the reason why no test proves %s", row.group(1)).startsWith("client: ");
            }
        }
        assertThat(rows).containsExactlyElementsOf(statements());
        assertThat(annotated.keySet()).as("statements that tests speak of").isSubsetOf(statements());
    }
}

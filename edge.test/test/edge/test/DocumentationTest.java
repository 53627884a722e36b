// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents say of one another and of the script at the root is there. */
class DocumentationTest {
    private static final Path ROOT = Path.of(System.getProperty("edge.workspace", "..")).toAbsolutePath().normalize();
    private static final Set<String> MADE = Set.of("out", "generated", "bin", "bin_test", "cache", ".git", "node_modules");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

    private static List<Path> pages(Path folder) throws IOException {
        List<Path> pages = new ArrayList<>();
        List<Path> entries;
        try (Stream<Path> listed = Files.list(folder)) {
            entries = listed.sorted().toList();
        }
        for (Path entry : entries) {
            if (Files.isDirectory(entry) && !MADE.contains(entry.getFileName().toString())) {
                pages.addAll(pages(entry));
            } else if (entry.toString().endsWith(".md")) {
                pages.add(entry);
            }
        }
        return pages;
    }

    /** The pages and files that a page links to, with the part behind {@code #}. */
    private static List<URI> links(Path page) throws IOException {
        List<URI> links = new ArrayList<>();
        Matcher matcher = LINK.matcher(FENCE.matcher(Files.readString(page)).replaceAll(""));
        while (matcher.find()) {
            if (!matcher.group(1).matches("[a-z]+:.*")) {
                links.add(page.toUri().resolve(matcher.group(1)));
            }
        }
        return links;
    }

    private static Path file(URI link) {
        return Path.of(URI.create(link.toString().replaceFirst("#.*", ""))).normalize();
    }

    /** As the usual viewers of Markdown name the headings of a page. */
    private static Set<String> anchors(Path page) throws IOException {
        return HEADING.matcher(FENCE.matcher(Files.readString(page)).replaceAll("")).results()
            .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
            .collect(Collectors.toSet());
    }

    @Test
    void every_link_leads_to_a_page_that_is_there_and_to_a_heading_of_it() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages(ROOT)) {
            for (URI link : links(page)) {
                Path target = file(link);
                if (!Files.exists(target)
                    || link.getFragment() != null && !anchors(target).contains(link.getFragment())) {
                    broken.add(ROOT.relativize(page) + " -> " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void every_page_of_the_documentation_is_linked_from_another_one() throws IOException {
        Set<Path> unseen = new TreeSet<>(pages(ROOT.resolve("docs")));
        for (Path page : pages(ROOT)) {
            for (URI link : links(page)) {
                if (!file(link).equals(page)) {
                    unseen.remove(file(link));
                }
            }
        }
        assertThat(unseen).isEmpty();
    }

    @Test
    void the_help_of_the_script_tells_of_each_verb_and_of_no_other() throws IOException {
        String script = Files.readString(ROOT.resolve("edge"));
        String usage = script.substring(script.indexOf("usage: ./edge VERB"), script.indexOf("\nTEXT"));
        Set<String> told = Pattern.compile("(?m)^  ([a-z]+)\\b").matcher(usage).results().map(verb -> verb.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
        String dispatch = script.substring(script.lastIndexOf("\ncase "));
        Set<String> taken = Pattern.compile("(?m)^    ([a-z]+)[)|]").matcher(dispatch).results().map(verb -> verb.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

        assertThat(taken).isNotEmpty().isEqualTo(told);
    }
}

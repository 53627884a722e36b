// SPDX-License-Identifier: Apache-2.0
package edge.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be told of the console's looks and words from its files alone. */
class LooksTest {
    private static final Pattern BLOCK = Pattern.compile("([^{}]+)\\{([^{}]*)}");
    private static final Pattern TOKEN = Pattern.compile("(--[a-z-]+):\\s*(#[0-9a-f]{6});");

    private static Path assets() throws Exception {
        return Path.of(LooksTest.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolveSibling("resources/console/assets");
    }

    /** The colours by what asks for them: light, dark by the system, dark by choice. */
    private static Map<String, Map<String, String>> schemes() throws Exception {
        Map<String, Map<String, String>> schemes = new HashMap<>();
        Matcher block = BLOCK.matcher(Files.readString(assets().resolve("tokens.css")).replaceAll("(?s)/\\*.*?\\*/", ""));
        while (block.find()) {
            Map<String, String> colours = new TreeMap<>();
            Matcher token = TOKEN.matcher(block.group(2));
            while (token.find()) {
                colours.put(token.group(1), token.group(2));
            }
            if (!colours.isEmpty()) {
                schemes.put(block.group(1).strip(), colours);
            }
        }
        return schemes;
    }

    @Test
    void the_dark_colours_are_the_same_by_the_system_and_by_choice() throws Exception {
        Map<String, Map<String, String>> schemes = schemes();

        assertThat(schemes).containsOnlyKeys(":root", ":root:not([data-theme=\"light\"])", ":root[data-theme=\"dark\"]");
        assertThat(schemes.get(":root[data-theme=\"dark\"]")).isEqualTo(schemes.get(":root:not([data-theme=\"light\"])"));
        assertThat(schemes.get(":root").keySet()).isEqualTo(schemes.get(":root[data-theme=\"dark\"]").keySet());
    }

    @Test
    void every_text_can_be_read_on_every_ground_that_it_stands_on() throws Exception {
        for (Map.Entry<String, Map<String, String>> scheme : schemes().entrySet()) {
            for (String text : List.of("--text", "--text-quiet", "--accent", "--good", "--warn", "--bad")) {
                for (String ground : List.of("--page", "--surface", "--sunken")) {
                    assertContrast(scheme, text, ground, 4.5);
                }
            }
            for (String soft : List.of("--accent-soft", "--warn-soft", "--bad-soft")) {
                assertContrast(scheme, "--text", soft, 4.5);
                assertContrast(scheme, "--text-quiet", soft, 4.5);
            }
            assertContrast(scheme, "--accent", "--accent-soft", 4.5);
            assertContrast(scheme, "--bad", "--bad-soft", 4.5);
            assertContrast(scheme, "--accent-text", "--accent", 4.5);
            // The border of a field, a switch, the ring of a state (WCAG 2.2, 1.4.11).
            assertContrast(scheme, "--line-strong", "--surface", 3);
            assertContrast(scheme, "--line-strong", "--page", 3);
        }
    }

    private static void assertContrast(Map.Entry<String, Map<String, String>> scheme, String text, String ground,
        double least) {
        double one = luminance(scheme.getValue().get(text));
        double other = luminance(scheme.getValue().get(ground));
        assertThat((Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05))
            .as("%s: %s on %s", scheme.getKey(), text, ground).isGreaterThanOrEqualTo(least);
    }

    /** Relative luminance as WCAG 2.2 defines it. */
    private static double luminance(String colour) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double part = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum += weights[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
        }
        return sum;
    }

    @Test
    void every_text_that_is_shown_is_there_and_every_one_that_is_there_is_shown() throws Exception {
        TreeSet<String> known = new TreeSet<>();
        Matcher key = Pattern.compile("(?m)^  (\\w+):").matcher(Files.readString(assets().resolve("texts.js")));
        while (key.find()) {
            assertThat(known.add(key.group(1))).as("the text %s is there once", key.group(1)).isTrue();
        }
        TreeSet<String> shown = new TreeSet<>();
        for (Path script : scripts()) {
            Matcher used = Pattern.compile("(?<![\\w.])t(?:\\.(\\w+)|\\[(?!action)[^\\]]+])").matcher(Files.readString(script));
            while (used.find()) {
                assertThat(used.group(1)).as("%s: %s", script, used.group()).isNotNull();
                shown.add(used.group(1));
            }
        }
        // By the name of the action: t[action].
        shown.addAll(List.of("start", "stop", "uninstall"));
        assertThat(shown).isEqualTo(known);
    }

    private static List<Path> scripts() throws Exception {
        try (Stream<Path> files = Files.walk(assets())) {
            return files.filter(file -> file.toString().endsWith(".js") && !file.endsWith("texts.js")).sorted().toList();
        }
    }

    @Test
    void every_field_and_every_button_without_words_has_a_name() throws Exception {
        Pattern control = Pattern.compile("<(input|select|textarea|dialog|nav)\\b((?:\\$\\{[^{}]*(?:\\{[^{}]*}[^{}]*)*}|[^>$])*)>");
        int seen = 0;
        for (Path script : scripts()) {
            String text = Files.readString(script);
            Matcher found = control.matcher(text);
            while (found.find()) {
                seen++;
                boolean labelled = found.group(2).contains("aria-label=") || insideLabel(text, found.start());
                assertThat(labelled).as("%s: %s", script.getFileName(), found.group()).isTrue();
            }
        }
        assertThat(seen).isGreaterThan(20);
    }

    private static boolean insideLabel(String text, int at) {
        return text.lastIndexOf("<label", at) > text.lastIndexOf("</label>", at);
    }

    @Test
    void only_the_file_of_tokens_names_colours() throws Exception {
        String sheet = Files.readString(assets().resolve("console.css")).replaceAll("(?s)/\\*.*?\\*/", "");
        assertThat(Pattern.compile("#[0-9a-fA-F]{3,8}\\b(?=[^{}]*})").matcher(sheet).results().map(found -> found.group())
            .toList()).isEmpty();
    }
}

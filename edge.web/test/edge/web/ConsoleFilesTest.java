// SPDX-License-Identifier: Apache-2.0
package edge.web;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.json.JsonParser;
import edge.web.support.Browser;
import edge.web.support.ConsoleFramework;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's files as they are served. */
class ConsoleFilesTest {
    @TempDir
    private static Path folder;
    private static ConsoleFramework console;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        console = new ConsoleFramework(folder).untilReachable();
        browser = new Browser(console);
    }

    @AfterAll
    static void stop() throws Exception {
        console.close();
    }

    @Test
    void the_first_view_costs_little_and_the_second_nothing() throws Exception {
        HttpResponse<byte[]> page = browser.bytes("/", "Accept-Encoding", "gzip");
        int total = page.body().length;
        Matcher file = Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"").matcher(browser.get("/").body());
        int files = 0;
        while (file.find()) {
            HttpResponse<byte[]> asset = browser.bytes(file.group(1), "Accept-Encoding", "gzip");
            assertThat(asset.statusCode()).as(file.group(1)).isEqualTo(200);
            assertThat(asset.headers().firstValue("Cache-Control").orElse("")).as(file.group(1)).contains("immutable");
            total += asset.body().length;
            files++;
        }

        assertThat(files).isGreaterThan(20);
        assertThat(total).as("compressed bytes of the first view").isLessThan(150_000);
        assertThat(browser.get("/", "If-None-Match", page.headers().firstValue("ETag").orElseThrow()).statusCode())
            .isEqualTo(304);
        assertThat(browser.get("/assets/main.js").headers().firstValue("Cache-Control")).contains("no-cache");
    }

    @Test
    void every_module_that_a_module_imports_is_served() throws Exception {
        String page = browser.get("/").body();
        Matcher map = Pattern.compile("(?s)<script type=\"importmap\">(.*?)</script>").matcher(page);
        assertThat(map.find()).isTrue();
        Map<String, Json> imports = JsonParser.parse(map.group(1)).asObject().get("imports").asObject().members();
        Pattern named = Pattern.compile("(?:import|from)\\s*\\(?['\"]([^'\"$]+)['\"]");
        for (Map.Entry<String, Json> entry : imports.entrySet()) {
            HttpResponse<String> module = browser.get(entry.getValue().asText());
            assertThat(module.statusCode()).as(entry.getKey()).isEqualTo(200);
            String folderOf = entry.getValue().asText().replaceFirst("/[^/]*$", "/");
            Matcher imported = named.matcher(module.body());
            while (imported.find()) {
                String name = imported.group(1);
                String address = name.startsWith(".") ? Path.of(folderOf + name).normalize().toString() : name;
                assertThat(imports).as("%s imports %s", entry.getKey(), name).containsKey(address);
            }
        }
    }

    @Test
    void no_html_is_made_from_strings_and_no_style_is_written_inline() throws Exception {
        Matcher own = Pattern.compile("\"/assets/(?!lib/)[^\"]+\\.js\":\"(/assets/[^\"]+)\"").matcher(browser.get("/").body());
        int files = 0;
        while (own.find()) {
            assertThat(browser.get(own.group(1)).body()).as(own.group(1)).doesNotContain("innerHTML")
                .doesNotContain("unsafeHTML").doesNotContain("insertAdjacentHTML").doesNotContain(" style=")
                .doesNotContain("eval(").doesNotContain("http://");
            files++;
        }
        assertThat(files).isGreaterThan(30);
    }

    @Test
    void no_component_has_a_method_that_the_browser_calls_for_something_else() throws Exception {
        // What every element has and a component may not redefine by accident: Lit calls remove() to take one away.
        List<String> taken = List.of("after", "animate", "append", "attributes", "before", "blur", "children", "click",
            "closest", "contains", "dataset", "dir", "draggable", "focus", "hidden", "id", "inert", "lang", "matches",
            "normalize", "part", "prefix", "prepend", "remove", "role", "scroll", "scrollBy", "scrollTo", "slot", "style",
            "title", "translate");
        Matcher own = Pattern.compile("\"/assets/((?:parts|pages)/[^\"]+\\.js)\":\"(/assets/[^\"]+)\"")
            .matcher(browser.get("/").body());
        int components = 0;
        while (own.find()) {
            String text = browser.get(own.group(2)).body();
            Matcher member = Pattern.compile("(?m)^  (?:async |get |set |static )?(\\w+)\\(.*\\) \\{$|[{,] ?(\\w+): \\{(?:state|attribute|type)")
                .matcher(text);
            while (member.find()) {
                assertThat(taken).as(own.group(1)).doesNotContain(member.group(1) == null ? member.group(2) : member.group(1));
            }
            components += text.contains("customElements.define") ? 1 : 0;
        }
        assertThat(components).isGreaterThan(25);
    }
}

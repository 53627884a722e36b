// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class ManifestResourceTest {

    private static List<String> words(Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Bundle-SymbolicName", "acme");
        return new ManifestResource(all::get).needs().stream().filter(ManifestRequirement::isMandatory)
            .map(ManifestRequirement::toString).toList();
    }

    @Test
    void clauses_are_split_outside_of_quotes_only() {
        List<Headers.Clause> clauses = Headers.clauses(
            "a;b;version=\"[1,2)\";resolution:=optional, osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=17))\";v:Version=1.2");

        assertThat(clauses).hasSize(2);
        assertThat(clauses.get(0).paths()).containsExactly("a", "b");
        assertThat(clauses.get(0).attributes()).containsEntry("version", "[1,2)");
        assertThat(clauses.get(0).directives()).containsEntry("resolution", "optional");
        assertThat(clauses.get(1).directives()).containsEntry("filter", "(&(osgi.ee=JavaSE)(version=17))");
        assertThat(clauses.get(1).attributes()).containsEntry("v", "1.2");
        assertThat(clauses.get(1).typed()).containsEntry("v", Version.valueOf("1.2"));
    }

    @Test
    void what_is_optional_or_only_wanted_at_run_time_is_no_need() {
        assertThat(words(Map.of("Import-Package", "x;resolution:=optional, needed", "Export-Package", "own;version=1",
            "Require-Capability", "osgi.service;filter:=\"(a=b)\";effective:=active")))
            .containsExactly("the package needed, which no bundle offers");
    }

    @Test
    void the_level_of_java_is_told_as_people_say_it() {
        assertThat(words(Map.of("Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=21))\"")))
            .containsExactly("Java 21; this gateway runs on Java " + Runtime.version().feature());
    }
}

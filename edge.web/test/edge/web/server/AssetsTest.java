// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class AssetsTest {
    private static final String PAGE = """
        <link href="/assets/a.css"><!-- import map -->
        <!-- preload --><script src="/assets/main.js"></script>""";

    private static Assets assets(String main) {
        return new Assets(Map.of("main.js", bytes(main), "pages/one.js", bytes("1"), "lib/x/x.js", bytes("x"), "a.css",
            bytes("a{}")), PAGE, Map.of("x", "lib/x/x.js"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String page(Assets assets) {
        return new String(assets.page().bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void the_policy_allows_exactly_the_import_map_of_the_page() throws Exception {
        Assets assets = assets("import 'x'");
        Matcher inline = Pattern.compile("(?s)<script type=\"importmap\">(.*?)</script>").matcher(page(assets));

        assertThat(inline.find()).isTrue();
        assertThat(assets.scriptHash()).isEqualTo("'sha256-" + Base64.getEncoder().encodeToString(
            MessageDigest.getInstance("SHA-256").digest(bytes(inline.group(1)))) + "'");
    }

    @Test
    void every_address_carries_the_hash_of_its_content() {
        Pattern main = Pattern.compile("<script src=\"(/assets/main\\.js\\?v=[A-Za-z0-9_-]{12})\">");
        Matcher before = main.matcher(page(assets("1")));
        Matcher same = main.matcher(page(assets("1")));
        Matcher after = main.matcher(page(assets("2")));

        assertThat(before.find() && same.find() && after.find()).isTrue();
        assertThat(before.group(1)).isEqualTo(same.group(1)).isNotEqualTo(after.group(1));
    }

    @Test
    void only_what_the_first_view_imports_is_fetched_ahead() {
        String page = page(assets("import 'x';\nimport('/assets/pages/one.js')"));

        assertThat(page).containsPattern("modulepreload\" href=\"/assets/main\\.js\\?v=")
            .containsPattern("modulepreload\" href=\"/assets/lib/x/x\\.js\\?v=")
            .doesNotContainPattern("modulepreload\" href=\"/assets/pages/");
        assertThat(page(assets("1"))).doesNotContainPattern("modulepreload\" href=\"/assets/lib/");
    }

    @Test
    void modules_are_found_by_name_and_by_address() {
        String page = page(assets("1"));

        assertThat(page).containsPattern("\"x\":\"/assets/lib/x/x\\.js\\?v=")
            .containsPattern("\"/assets/pages/one\\.js\":\"/assets/pages/one\\.js\\?v=");
    }

    @Test
    void compressed_it_is_the_same() throws Exception {
        Assets.Asset asset = assets("some text").file("main.js").orElseThrow();

        assertThat(new GZIPInputStream(new ByteArrayInputStream(asset.gzip())).readAllBytes()).isEqualTo(asset.bytes());
    }

    @Test
    void a_module_that_is_missing_is_noticed_at_start() {
        assertThatIllegalArgumentException().isThrownBy(() ->
            new Assets(Map.of("main.js", bytes("1")), PAGE, Map.of("lit", "lib/lit/index.js")))
            .withMessageContaining("lib/lit/index.js");
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.json.JsonException;
import edge.json.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTextTest {

    @TempDir
    Path folder;

    private static String mask(String text, String... names) throws JsonException {
        return SecretText.mask(text, JsonParser.parse(text).asObject(), Set.of(names));
    }

    @Test
    void only_the_secrets_change_whatever_line_ends_and_escapes_the_author_uses() throws JsonException {
        assertThat(mask("{\r\n  \"a\": \"x\",\r\n\t\".p\":\"q\\\"}\\\\\" ,\r\n \"b\": 1 }", ".p"))
            .isEqualTo("{\r\n  \"a\": \"x\",\r\n\t\".p\":\"********\" ,\r\n \"b\": 1 }");
        assertThat(mask("{\".k\": [\"one\", \"\", \"two\"], \".n\": \"\"}", ".k", ".n"))
            .isEqualTo("{\".k\": [\"********\", \"\", \"********\"], \".n\": \"\"}");
        assertThat(mask("{\n\n\"😀\": \"ü\", \".p\": \"😀\"}", ".p")).isEqualTo("{\n\n\"😀\": \"ü\", \".p\": \"********\"}");
    }

    @Test
    void what_sounds_like_a_secret_is_hidden_in_a_text_that_is_no_json() {
        assertThat(SecretText.maskRoughly("{\"host\": \"h\",\n\"apiToken\": \"abc\", \"x\": 1\n\"y\": 2", Set.of()))
            .contains("\"host\": \"h\"").contains("\"y\": 2").doesNotContain("abc");
        assertThat(SecretText.maskRoughly("{pin: 1234,\n", Set.of("pin"))).doesNotContain("1234");
    }

    @Test
    void a_secret_is_bound_to_its_gateway_pid_and_attribute() throws Exception {
        Secrets here = new Secrets(folder.resolve("key"));
        String sealed = here.encrypt("acme", ".password", "s3cret");

        assertThat(here.decrypt("acme", ".password", sealed)).isEqualTo("s3cret");
        assertThat(here.encrypt("acme", ".password", "s3cret")).as("never the same twice").isNotEqualTo(sealed);
        assertThatThrownBy(() -> here.decrypt("evil", ".password", sealed)).isInstanceOf(Secrets.SecretException.class);
        assertThatThrownBy(() -> here.decrypt("acme", ".other", sealed)).isInstanceOf(Secrets.SecretException.class);
        assertThatThrownBy(() -> here.decrypt("acme", ".password", sealed.substring(0, 40)))
            .isInstanceOf(Secrets.SecretException.class).hasMessageContaining("enter the secret again");
        assertThatThrownBy(() -> here.decrypt("acme", ".password", "$secret:2:AAAA"))
            .isInstanceOf(Secrets.SecretException.class);
    }

    @Test
    void a_damaged_key_is_never_replaced() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "zz");
        Secrets secrets = new Secrets(key);

        assertThatThrownBy(() -> secrets.encrypt("acme", ".p", "x")).isInstanceOf(Secrets.SecretException.class);
        assertThat(key).hasContent("zz");
    }
}

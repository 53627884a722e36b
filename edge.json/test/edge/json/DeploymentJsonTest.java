// SPDX-License-Identifier: Apache-2.0
package edge.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.deploy.Change;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentJsonTest {

    private static Change install(String url) throws JsonException {
        String text = "{\"changes\": [{\"action\": \"install\", \"url\": \"" + url + "\", \"sha256\": \"" + "0".repeat(64) + "\"}]}";
        return DeploymentJson.request(JsonParser.parse(text).asObject(), DeploymentJson::noJars).changes().get(0);
    }

    @Test
    void a_jar_may_come_from_a_url() throws JsonException {
        assertThat(install("https://files.example:8443/a@b/driver.jar?v=1@2")).isInstanceOf(Change.Fetch.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://anna:secret@files.example/driver.jar", "https://anna@files.example/driver.jar",
        "https://an_na:secret@files_example/driver.jar"})
    void a_url_with_a_password_is_refused_and_not_repeated(String url) {
        assertThatThrownBy(() -> install(url)).isInstanceOf(JsonException.class).hasMessageContaining("password")
            .hasMessageNotContaining("secret");
    }
}

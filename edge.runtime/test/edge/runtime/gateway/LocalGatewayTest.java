// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.gateway.Gateway.Labels;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalGatewayTest {
    @TempDir
    private Path data;

    private record Labelled(String org, String site, String gateway) implements LocalGateway.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return LocalGateway.Config.class;
        }
    }

    private LocalGateway gateway(String org, String site, String gateway) throws IOException {
        return new LocalGateway(data, "1.2.3", new Labelled(org, site, gateway));
    }

    @Test
    void the_id_is_made_once_and_kept() throws IOException {
        LocalGateway first = gateway("org", "site", "gw");
        LocalGateway second = gateway("org", "site", "gw");

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(first.id().version()).isEqualTo(4);
        assertThat(data).isDirectoryContaining("glob:**/" + Identity.FILE);
        assertThat(data).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void two_gateways_have_different_ids() throws IOException {
        assertThat(Identity.of(data.resolve("a/deep"))).isNotEqualTo(Identity.of(data.resolve("b")));
    }

    @Test
    void a_damaged_id_is_refused_and_never_replaced() throws IOException {
        for (String damaged : new String[] {"", "rubbish", "1-2-3-4-5"}) {
            Files.writeString(data.resolve(Identity.FILE), damaged);
            assertThatThrownBy(() -> Identity.of(data)).isInstanceOf(IOException.class)
                .hasMessageContaining(Identity.FILE).hasMessageContaining("Restore it");
            assertThat(data.resolve(Identity.FILE)).hasContent(damaged);
        }
    }

    @Test
    void what_a_power_cut_left_of_making_the_id_does_no_harm() throws IOException {
        Files.writeString(data.resolve("." + Identity.FILE + ".tmp"), "1234");

        assertThat(Identity.of(data)).isEqualTo(Identity.of(data));
    }

    @Test
    void labels_change_without_anything_else_changing() throws IOException {
        LocalGateway gateway = gateway("acme", "berlin", "line-1");
        assertThat(gateway.labels()).isEqualTo(new Labels("acme", "berlin", "line-1"));

        gateway.modified(new Labelled("acme", "hamburg", "line-1"));

        assertThat(gateway.labels().site()).isEqualTo("hamburg");
    }

    @Test
    void a_gateway_without_a_name_is_called_after_its_id() throws IOException {
        LocalGateway gateway = gateway("acme", "berlin", "");

        assertThat(gateway.labels().gateway()).isEqualTo("gw-" + gateway.id().toString().substring(0, 8));
    }

    @Test
    void a_label_that_could_not_stand_in_a_topic_is_not_used() throws IOException {
        assertThat(gateway("a/b", "#", "\u0000").labels()).satisfies(labels -> {
            assertThat(labels.org()).isEqualTo("org");
            assertThat(labels.site()).isEqualTo("site");
            assertThat(labels.gateway()).startsWith("gw-");
        });
    }

    @Test
    void the_process_began_before_now_and_not_long_ago() throws IOException {
        LocalGateway gateway = gateway("a", "b", "c");

        assertThat(gateway.startedAt()).isBefore(Instant.now().plusSeconds(1)).isAfter(Instant.now().minusSeconds(3_600));
        assertThat(gateway.version()).isEqualTo("1.2.3");
        assertThat(gateway.data()).isEqualTo(data);
    }

    @Test
    void a_file_with_bad_labels_is_refused_with_the_place() {
        LabelsCheck check = new LabelsCheck();

        assertThat(check.check("", "{\"org\":\"acme\",\"gateway\":\"\"}")).isEmpty();
        assertThat(check.check("", "{\n  \"org\": \"acme\",\n  \"site\": \"a/b\"\n}")).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(3);
            assertThat(problem.attribute()).isEqualTo("site");
        });
        assertThat(check.check("", "{\"site\":\"\"}")).hasSize(1);
        assertThat(check.check("", "{\"site\":1}")).hasSize(1);
        assertThat(check.check("", "{")).hasSize(1);
    }
}

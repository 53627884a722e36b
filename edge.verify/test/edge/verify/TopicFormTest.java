// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.verify.Arrival.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TopicFormTest {

    private static final String EPOCH = "9d1f3b5c7e9a0b2d";
    private static final TopicForm FORM = TopicForm.parse("edge/{org}/{gateway}/{stream}/{epoch}/{sequence}/{lane}/{topic}");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String topic(long sequence) {
        return "edge/acme/gw-7/ingest/alarms/" + EPOCH + "/" + sequence + "/backlog/line/1/alarm";
    }

    private static String gap(long sequence) {
        return "{\"schema\":\"edge.gap/1\",\"gateway\":\"6604de4a-d74a-45cf-9fe5-ac3b4edc3433\",\"stream\":\"ingest/alarms\","
            + "\"epoch\":\"" + EPOCH + "\",\"sequence\":" + sequence + ",\"lane\":\"backlog\",\"lost\":{\"epoch\":\"" + EPOCH
            + "\",\"from\":3,\"to\":5,\"reason\":\"full\",\"detail\":\"\"}}";
    }

    @Test
    void a_payload_of_any_bytes_is_the_record_that_its_topic_says() throws Exception {
        Arrival arrival = FORM.read(topic(17), new byte[] {0, (byte) 0xff, '{'});
        assertThat(arrival).isEqualTo(new Arrival(new Stream("gw-7", "ingest/alarms", EPOCH), 17, "backlog"));
    }

    @Test
    void the_gateways_id_is_the_better_name() throws Exception {
        TopicForm form = TopicForm.parse("{gateway}/{gatewayId}/{stream}/{epoch}/{sequence}/{lane}");
        assertThat(form.read("gw/6604de4a-d74a-45cf-9fe5-ac3b4edc3433/device/plc/" + EPOCH + "/1/live", new byte[0]).stream()
            .gateway()).isEqualTo("6604de4a-d74a-45cf-9fe5-ac3b4edc3433");
        assertThat(TopicForm.parse("{stream}/{epoch}/{sequence}/{lane}").read("device/plc/" + EPOCH + "/1/live", new byte[0])
            .stream().gateway()).isEqualTo("?");
    }

    @Test
    void an_entry_of_the_ledger_counts_only_where_it_says_itself_to_be() throws Exception {
        assertThat(FORM.read(topic(6), bytes(gap(6))).lost()).hasValueSatisfying(lost -> assertThat(lost.to()).isEqualTo(5));
        assertThat(FORM.read(topic(7), bytes(gap(6))).lost()).as("somebody published a copy of it").isEmpty();
        assertThat(FORM.read(topic(6), bytes("[" + gap(6) + "," + gap(6) + "]")).lost()).isEmpty();
    }

    @Test
    void what_is_not_of_the_form_is_named() {
        assertThatThrownBy(() -> FORM.read("edge/acme/gw-7/ingest/alarms", new byte[0])).isInstanceOf(IOException.class)
            .hasMessageContaining("edge/acme/gw-7/ingest/alarms is not of the form edge/{org}/");
        assertThatThrownBy(() -> FORM.read(topic(0), new byte[0])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> TopicForm.parse("edge/{stream}/{sequence}/{lane}")).hasMessageContaining("has no {epoch}");
        assertThatThrownBy(() -> TopicForm.parse("edge/{plant}")).hasMessageContaining("there is no placeholder {plant}");
    }
}

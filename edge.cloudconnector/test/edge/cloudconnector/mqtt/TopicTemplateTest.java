// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.gateway.Gateway.Labels;
import edge.api.message.StreamId;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicTemplateTest {

    private static final UUID ID = UUID.fromString("00000000-0000-0000-0000-000000000007");
    private static final Labels LABELS = new Labels("acme", "hall-1", "gw-7");

    private static String topic(String template) {
        return TopicTemplate.parse(template, ID).topic(StreamId.device("boiler"), LABELS);
    }

    @Test
    void every_placeholder_is_filled_in() {
        assertThat(topic("edge/{org}/{site}/{gateway}/{stream}")).isEqualTo("edge/acme/hall-1/gw-7/device/boiler");
        assertThat(topic("{gatewayId}/x{device}y")).isEqualTo(ID + "/xboilery");
        assertThat(topic("fixed")).isEqualTo("fixed");
    }

    @Test
    void new_labels_count_at_once() {
        TopicTemplate template = TopicTemplate.parse("{site}/{device}", ID);
        StreamId stream = StreamId.ingest("alarms");
        assertThat(template.topic(stream, LABELS)).isEqualTo("hall-1/alarms");
        assertThat(template.topic(stream, new Labels("acme", "hall-2", "gw-7"))).isEqualTo("hall-2/alarms");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a/{tag}      | no placeholder {tag}; there are {org}, {site}",
        "a/{}         | no placeholder {}",
        "a/{org       | is never closed",
        "a}/b         | a } without its {",
        "a/+/b        | must not contain the wildcard +",
        "a/#          | must not contain the wildcard #",
        "''           | 1 to 1024 characters"})
    void what_is_no_topic_is_refused_with_the_reason(String template, String reason) {
        assertThatThrownBy(() -> TopicTemplate.parse(template, ID)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(reason);
    }

    @Test
    void control_characters_are_refused() {
        assertThatThrownBy(() -> TopicTemplate.parse("a\u0000b", ID)).hasMessageContaining("U+0000");
    }
}

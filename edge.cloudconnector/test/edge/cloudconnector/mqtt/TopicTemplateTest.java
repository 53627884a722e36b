// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.gateway.Gateway.Labels;
import edge.api.access.Caller;
import edge.api.journal.JournalRecord;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.api.uplink.Lane;
import edge.api.uplink.OutboundMessage;
import edge.cloudconnector.support.TestGateway;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicTemplateTest {

    private static final UUID ID = UUID.fromString("00000000-0000-0000-0000-000000000007");
    private static final Labels LABELS = new Labels("acme", "hall-1", "gw-7");

    private static String topic(String template) {
        return TopicTemplate.parse(template, ID).topic(message(StreamId.device("boiler"), ""), LABELS);
    }

    private static OutboundMessage message(StreamId stream, String tag) {
        TestGateway gateway = new TestGateway(Path.of("."));
        JournalRecord record = new JournalRecord.Stored(1, new RecordKey(ID, stream, 0xabcL, 17), gateway.bootId(),
            new RawMessage("line/1/alarm", new byte[0], 1, false, gateway.now(), Caller.system("test")));
        return new OutboundMessage(List.of(record), Lane.BACKLOG, tag, new byte[0], "");
    }

    @Test
    void what_differs_between_messages_is_filled_in_for_each() {
        TopicTemplate template = TopicTemplate.parse("{stream}/{epoch}/{sequence}/{lane}/{tag}/{topic}", ID);
        assertThat(template.identifies()).isTrue();
        assertThat(template.topic(message(StreamId.device("boiler"), "level"), LABELS))
            .isEqualTo("device/boiler/0000000000000abc/17/backlog/level/line/1/alarm");
        assertThat(template.topic(message(StreamId.device("boiler"), ""), LABELS)).contains("/_/");
        assertThat(TopicTemplate.parse("a/{stream}/{epoch}/{lane}", ID).identifies()).isFalse();
    }

    @Test
    void a_topic_of_the_gateway_has_nothing_of_streams() {
        assertThat(TopicTemplate.parse("x/{org}/{gatewayId}", ID).isOfGateway()).isTrue();
        assertThat(TopicTemplate.parse("x/{org}/{gatewayId}", ID).topic(LABELS)).isEqualTo("x/acme/" + ID);
        assertThat(TopicTemplate.parse("x/{device}", ID).isOfGateway()).isFalse();
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
        assertThat(template.topic(message(stream, ""), LABELS)).isEqualTo("hall-1/alarms");
        assertThat(template.topic(message(stream, ""), new Labels("acme", "hall-2", "gw-7"))).isEqualTo("hall-2/alarms");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a/{unit}     | no placeholder {unit}; there are {org}, {site}",
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

// SPDX-License-Identifier: Apache-2.0
package edge.json;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Caller;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.api.uplink.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageJsonTest {

    private static Json.Obj sent(byte[] payload) throws JsonException {
        UUID gateway = UUID.fromString("6604de4a-d74a-45cf-9fe5-ac3b4edc3433");
        Moment at = new Moment(1, Instant.parse("2026-11-20T10:31:13.089Z"), ClockConfidence.SYNCHRONISED);
        JournalRecord record = new JournalRecord.Stored(7, new RecordKey(gateway, StreamId.ingest("alarms"), 9, 4), gateway,
            new RawMessage("line/1", payload, 1, false, at, Caller.system("test")));
        return JsonParser.parse(new String(MessageJson.cloud(record, Lane.LIVE), StandardCharsets.UTF_8)).asObject();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "door open", "say \"no\" \\ and\tgo\r\n", "\u0000\u001f\u007f", "Öl 71,5 °C", "日本", "a🔥b", "\u2028"})
    void a_text_arrives_as_it_was_published(String text) throws Exception {
        Json.Obj sent = sent(text.getBytes(StandardCharsets.UTF_8));
        assertThat(sent.text("text")).isEqualTo(text);
        assertThat(sent.has("base64")).isFalse();
        assertThat(sent.text("time")).isEqualTo("2026-11-20T10:31:13.089Z");
    }

    @Test
    void what_is_no_text_arrives_as_base64() throws Exception {
        for (byte[] payload : new byte[][] {{(byte) 0xff}, {'a', (byte) 0xc3}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            {(byte) 0xc0, (byte) 0x80}}) {
            Json.Obj sent = sent(payload);
            assertThat(Base64.getDecoder().decode(sent.text("base64"))).isEqualTo(payload);
            assertThat(sent.has("text")).isFalse();
        }
    }
}

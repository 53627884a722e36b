// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.device.Access;
import edge.api.device.Quality;
import edge.api.gateway.ClockConfidence;
import edge.api.journal.JournalRecord.Loss;
import edge.api.message.StreamId;
import edge.api.value.DataType;
import org.junit.jupiter.api.Test;

class CodesTest {

    @Test
    void every_constant_has_a_code() {
        assertThat(Codes.CONFIDENCES).containsExactlyInAnyOrder(ClockConfidence.values());
        assertThat(Codes.STREAM_KINDS).containsExactlyInAnyOrder(StreamId.Kind.values());
        assertThat(Codes.CALLER_KINDS).containsExactlyInAnyOrder(Caller.Kind.values());
        assertThat(Codes.ROLES).containsExactlyInAnyOrder(Role.values());
        assertThat(Codes.TYPES).containsExactlyInAnyOrder(DataType.values());
        assertThat(Codes.ACCESSES).containsExactlyInAnyOrder(Access.values());
        assertThat(Codes.LEVELS).containsExactlyInAnyOrder(Quality.Level.values());
        assertThat(Codes.REASONS).containsExactlyInAnyOrder(Quality.Reason.values());
        assertThat(Codes.LOSSES).containsExactlyInAnyOrder(Loss.values());
    }

    @Test
    void the_codes_on_disk_never_change() {
        assertThat(Codes.code(Codes.TYPES, DataType.UINT64)).isEqualTo(8);
        assertThat(Codes.code(Codes.TYPES, DataType.BYTES)).isEqualTo(12);
        assertThat(Codes.code(Codes.REASONS, Quality.Reason.DRIVER_FAULT)).isEqualTo(10);
        assertThat(Codes.code(Codes.ROLES, Role.ADMINISTRATOR)).isEqualTo(3);
        assertThat(Codes.code(Codes.LOSSES, Loss.REJECTED)).isEqualTo(3);
        assertThat(Codes.code(Codes.CONFIDENCES, ClockConfidence.SYNCHRONISED)).isEqualTo(2);
    }

    @Test
    void a_reader_skips_fields_that_it_does_not_know() throws Exception {
        Output out = new Output(64);
        out.field(40, 123_456_789_000L).field(41, new byte[] {1, 2, 3}).field(7, 5);
        Input in = new Input(out.array(), 0, out.size());
        in.skip(in.getVarInt());
        in.skip(in.getVarInt());
        assertThat(in.getVarInt()).isEqualTo(7 << 1);
        assertThat(in.getVar()).isEqualTo(5);
        assertThat(in.more()).isFalse();
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.peer;

import static org.assertj.core.api.Assertions.assertThat;

import edge.drivers.modbus.codec.Mbap;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Response;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Our decoder and j2mod's on the same bytes. */
class DecodersTest {
    private static final int ROUNDS = 60_000;

    @Test
    void right_answers_with_a_few_bytes_changed_are_refused_or_read_as_j2mod_reads_them() {
        Random random = new Random(9);
        int taken = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Request request = Decoders.REQUESTS.get(i % Decoders.REQUESTS.size());
            byte[] answer = answer(request, random);
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                answer[random.nextInt(answer.length)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(10) == 0) {
                answer = Arrays.copyOf(answer, random.nextInt(answer.length + 4));
            }
            taken += Decoders.compare(request, answer) ? 1 : 0;
        }
        assertThat(taken).as("both kinds occur").isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    /** A right answer, or an exception. */
    private static byte[] answer(Request request, Random random) {
        ByteBuffer out = ByteBuffer.allocate(Mbap.MAX_FRAME);
        int transaction = random.nextInt(65536);
        if (random.nextInt(8) == 0 || !request.function().isRead() && !request.function().isWrite()) {
            out.putShort((short) transaction).putShort((short) 0).putShort((short) 3).put((byte) 1)
                .put((byte) (request.function().code() | 0x80)).put((byte) (1 + random.nextInt(11)));
        } else if (request.function().isRead()) {
            int most = request.function().isBits() ? 2 : 65536;
            Response.encodeRead(request, transaction, random.ints(request.quantity(), 0, most).toArray(), out);
        } else {
            Response.encodeWrite(request, transaction, out);
        }
        return Arrays.copyOf(out.array(), out.position());
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.journal.StreamSelection;
import edge.api.uplink.Lane;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {

    @TempDir
    private Path folder;
    private PumpRig rig;

    @BeforeEach
    void make() {
        rig = new PumpRig(folder);
    }

    @AfterEach
    void end() {
        rig.end();
    }

    private static List<Long> from(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private List<Long> replayed() {
        return rig.cloud.sent.stream().filter(message -> message.lane() == Lane.REPLAY)
            .map(message -> message.record().key().sequence()).toList();
    }

    private void replayAll() throws Exception {
        rig.pump.replay(StreamSelection.ALL, Instant.EPOCH, Instant.now().plusSeconds(1));
    }

    @Test
    void a_time_can_be_sent_again_on_request_and_says_so() throws Exception {
        rig.append(20);
        rig.start();
        rig.until(() -> rig.pump.status().delivered() == 20);
        replayAll();
        rig.until(() -> rig.pump.status().delivered() == 40);
        assertThat(replayed()).isEqualTo(from(1, 20));
        rig.until(() -> rig.pump.status().replay().isEmpty());
        rig.pump.replay(new StreamSelection(List.of("ingest/*")), Instant.EPOCH, Instant.now().plusSeconds(1));
        rig.append(1);
        rig.until(() -> rig.pump.status().delivered() == 41 && rig.pump.status().replay().isEmpty());
        assertThat(rig.cloud.sent).hasSize(41);
    }

    @Test
    void after_a_restart_it_goes_on_behind_what_was_taken() throws Exception {
        rig.append(40);
        rig.start();
        rig.until(() -> rig.pump.status().delivered() == 40);
        rig.cloud.answerAtOnce = false;
        replayAll();
        rig.until(() -> !rig.cloud.waiting.isEmpty());
        int taken = rig.cloud.waiting.get(0).batch().size();
        rig.cloud.waiting.get(0).accept();
        rig.until(() -> rig.pump.status().replay().orElseThrow().sent() == taken);
        rig.end();
        rig.cloud.sent.clear();
        rig.cloud.waiting.clear();
        rig.cloud.answerAtOnce = true;
        rig.start();
        rig.until(() -> rig.pump.status().replay().isEmpty());
        assertThat(replayed()).isEqualTo(from(taken + 1, 40));
        assertThat(folder.resolve("cloud.replay.json")).doesNotExist();
    }

    @Test
    void what_a_break_left_unanswered_is_sent_again_and_counted_once() throws Exception {
        rig.append(30);
        rig.start();
        rig.until(() -> rig.pump.status().delivered() == 30);
        rig.cloud.answerAtOnce = false;
        replayAll();
        rig.until(() -> replayed().size() == 30);
        rig.cloud.sent.clear();
        rig.cloud.answerAtOnce = true;
        rig.cloud.breakOff("cut");
        rig.until(() -> rig.pump.status().replay().isEmpty());
        assertThat(replayed()).isEqualTo(from(1, 30));
    }

    @Test
    void it_can_be_ended_and_then_a_restart_does_not_begin_it_again() throws Exception {
        rig.append(20);
        rig.start();
        rig.until(() -> rig.pump.status().delivered() == 20);
        rig.cloud.answerAtOnce = false;
        replayAll();
        rig.until(() -> !rig.cloud.waiting.isEmpty());
        assertThat(rig.pump.stopReplay()).isTrue();
        assertThat(rig.pump.stopReplay()).isFalse();
        rig.end();
        rig.cloud.sent.clear();
        rig.cloud.waiting.clear();
        rig.cloud.answerAtOnce = true;
        rig.start();
        rig.append(1);
        rig.until(() -> rig.pump.status().delivered() == 1);
        assertThat(replayed()).isEmpty();
    }

    @Test
    void a_damaged_request_is_put_beside_and_stops_nothing() throws Exception {
        Path file = Files.writeString(folder.resolve("cloud.replay.json"), "{\"from\": \"yesterday");
        rig.append(5);
        rig.start();
        rig.until(() -> rig.pump.status().delivered() == 5);
        assertThat(rig.pump.status().replay()).isEmpty();
        assertThat(file).doesNotExist();
        assertThat(folder.resolve("cloud.replay.json.damaged")).exists();
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.journal.StreamSelection;
import edge.api.uplink.Lane;
import edge.cloudconnector.core.ReplayRequest.Range;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTest extends PumpRig {

    private List<Long> replayed() {
        return cloud.sent.stream().filter(message -> message.lane() == Lane.REPLAY)
            .map(message -> message.record().key().sequence()).toList();
    }

    private void replayAll() throws Exception {
        pump.replay(StreamSelection.ALL, Instant.EPOCH, Instant.now().plusSeconds(1));
    }

    @Test
    void a_time_can_be_sent_again_on_request_and_says_so() throws Exception {
        append(20);
        start();
        until(() -> pump.status().delivered() == 20);
        replayAll();
        until(() -> pump.status().delivered() == 40);
        assertThat(replayed()).isEqualTo(fromTo(1, 20));
        until(() -> pump.status().replay().isEmpty());
        pump.replay(new StreamSelection(List.of("ingest/*")), Instant.EPOCH, Instant.now().plusSeconds(1));
        append(1);
        until(() -> pump.status().delivered() == 41 && pump.status().replay().isEmpty());
        assertThat(cloud.sent).hasSize(41);
    }

    /** Asks for everything again; the cloud takes one batch and is silent then. How many records it took. */
    private int replayOneBatch() throws Exception {
        cloud.answerAtOnce = false;
        replayAll();
        until(() -> !cloud.waiting.isEmpty());
        int taken = cloud.waiting.get(0).batch().size();
        cloud.waiting.get(0).accept();
        until(() -> pump.status().replay().orElseThrow().sent() == taken);
        return taken;
    }

    /** Starts anew with a cloud that takes everything, until the replay is over. */
    private void goOn() throws Exception {
        cloud.sent.clear();
        cloud.waiting.clear();
        cloud.answerAtOnce = true;
        start();
        until(() -> pump.status().replay().isEmpty());
    }

    @Test
    void after_a_restart_it_goes_on_behind_what_was_taken() throws Exception {
        append(40);
        start();
        until(() -> pump.status().delivered() == 40);
        int taken = replayOneBatch();
        end();
        goOn();
        assertThat(replayed()).isEqualTo(fromTo(taken + 1, 40));
        assertThat(folder.resolve("cloud.replay.json")).doesNotExist();
    }

    @Test
    void after_a_kill_it_goes_on_and_sends_at_most_once_more_what_was_taken_since_it_was_kept() throws Exception {
        append(40);
        start();
        until(() -> pump.status().delivered() == 40);
        int taken = replayOneBatch();
        kill();
        goOn();
        List<Long> replayed = replayed();
        assertThat(replayed.get(0)).isLessThanOrEqualTo(taken + 1);
        assertThat(replayed).isEqualTo(fromTo(replayed.get(0), 40));
    }

    @Test
    void the_end_of_one_request_is_not_the_end_of_the_next() throws Exception {
        Path file = folder.resolve("cloud.replay.json");
        ReplayRequest request = new ReplayRequest(file);
        Range first = new Range(StreamSelection.ALL, Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
        Range second = new Range(StreamSelection.ALL, Instant.EPOCH, Instant.EPOCH.plusSeconds(2));
        request.begin(first);
        request.begin(second);
        request.done(first);
        assertThat(request.range()).containsSame(second);
        assertThat(new ReplayRequest(file).range().orElseThrow().until).isEqualTo(second.until);
        request.done(second);
        assertThat(request.range()).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void what_a_break_left_unanswered_is_sent_again_and_counted_once() throws Exception {
        append(30);
        start();
        until(() -> pump.status().delivered() == 30);
        cloud.answerAtOnce = false;
        replayAll();
        until(() -> replayed().size() == 30);
        cloud.sent.clear();
        cloud.answerAtOnce = true;
        cloud.breakOff("cut");
        until(() -> pump.status().replay().isEmpty());
        assertThat(replayed()).isEqualTo(fromTo(1, 30));
    }

    @Test
    void it_can_be_ended_and_then_a_restart_does_not_begin_it_again() throws Exception {
        append(20);
        start();
        until(() -> pump.status().delivered() == 20);
        cloud.answerAtOnce = false;
        replayAll();
        until(() -> !cloud.waiting.isEmpty());
        assertThat(pump.stopReplay()).isTrue();
        assertThat(pump.stopReplay()).isFalse();
        end();
        cloud.sent.clear();
        cloud.waiting.clear();
        cloud.answerAtOnce = true;
        start();
        append(1);
        until(() -> pump.status().delivered() == 1);
        assertThat(replayed()).isEmpty();
    }

    @Test
    void a_damaged_request_is_put_beside_and_stops_nothing() throws Exception {
        Path file = Files.writeString(folder.resolve("cloud.replay.json"), "{\"from\": \"yesterday");
        append(5);
        start();
        until(() -> pump.status().delivered() == 5);
        assertThat(pump.status().replay()).isEmpty();
        assertThat(file).doesNotExist();
        assertThat(folder.resolve("cloud.replay.json.damaged")).exists();
    }
}

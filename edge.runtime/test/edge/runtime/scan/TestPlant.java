// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.device.LinkState;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.Tag;
import edge.api.device.TagTable;
import edge.api.value.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** One device under the real scan engine on manual time, for tests of other packages. */
public final class TestPlant {
    private final Rig rig = new Rig();
    private final TestDevice device;
    private Duration answersTake = Duration.ZERO;
    private int spoilt;

    /** @param tags how many, named t0, t1, … */
    public TestPlant(String name, String driver, Duration period, int tags) {
        device = new TestDevice(name, driver, IntStream.range(0, tags).mapToObj(i -> TestDevice.tag("t" + i, period)).toList());
        device.answer = due -> {
            CompletableFuture<List<Reading>> answer = new CompletableFuture<>();
            if (answersTake.isZero()) {
                answer.complete(readings(due));
            } else {
                rig.time.schedule.at(nanos() + answersTake.toNanos(), (now, missed) -> answer.complete(readings(due)));
            }
            return answer;
        };
        rig.add(device);
    }

    private List<Reading> readings(List<Tag> due) {
        List<Reading> readings = new ArrayList<>(device.readings(due));
        for (int i = 0; i < spoilt; i++) {
            readings.set(i, new Reading(due.get(i), Value.NONE, Quality.bad(Quality.Reason.TIMEOUT, ""), TestDevice.SOURCE));
        }
        return readings;
    }

    public TagTable table() {
        return rig.table;
    }

    public long nanos() {
        return rig.time.getAsLong();
    }

    /** Lets time pass. */
    public void run(Duration time) {
        rig.run(time);
    }

    /** Lets time pass in which nothing runs. */
    public void standStill(Duration time) {
        rig.time.pass(time);
    }

    /** The connection is lost. */
    public void unplug() {
        device.link = new LinkState(LinkState.Phase.DISCONNECTED, TestDevice.SOURCE, "unplugged");
    }

    public void plugIn() {
        device.link = new LinkState(LinkState.Phase.CONNECTED, TestDevice.SOURCE, "");
    }

    /** From now on the first so many tags are bad. */
    public void spoil(int tags) {
        spoilt = tags;
    }

    public void answersTake(Duration time) {
        answersTake = time;
    }
}

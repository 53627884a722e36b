// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.device.DeviceInfo;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.Tag;
import edge.api.device.TagState;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.message.ScanMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * What the gateway knows about one device: the last state of each tag, and what was published of it. It refers to nothing of
 * the driver and so may outlive it while the driver is replaced.
 *
 * <p>States are read on any thread without a lock. Readings are applied in the device's {@link SerialLane} only.
 */
final class DeviceRecord {
    private final DeviceInfo info;
    private final Tag[] tags;
    private final Map<String, Integer> indexes;
    private final AtomicReferenceArray<TagState> states;
    private final ReportFilter filter; // in the lane
    private Reading[] toPublish; // in the lane
    private final SerialLane lane;
    private final GatewayClock clock;
    private final TagStore table;
    private final Publisher publisher;
    private volatile DeviceScanner scanner;
    private volatile Instant since;

    /** @param previous what was known of a device of the same name, or null */
    DeviceRecord(DeviceInfo info, List<Tag> tags, DeviceRecord previous, GatewayClock clock, TagStore table,
        Publisher publisher) {
        this.info = info;
        this.tags = tags.toArray(Tag[]::new);
        this.indexes = new HashMap<>(this.tags.length * 2);
        this.states = new AtomicReferenceArray<>(this.tags.length);
        this.filter = new ReportFilter(this.tags);
        this.toPublish = new Reading[this.tags.length];
        this.lane = previous == null ? new SerialLane() : previous.lane;
        this.clock = clock;
        this.table = table;
        this.publisher = publisher;
        Moment now = clock.now();
        this.since = now.wall();
        for (int i = 0; i < this.tags.length; i++) {
            if (indexes.put(this.tags[i].name(), i) != null) {
                throw new IllegalArgumentException("two of its tags are named " + this.tags[i].name());
            }
            states.set(i, firstState(info.name(), this.tags[i], previous, now));
        }
    }

    DeviceInfo info() {
        return info;
    }

    String name() {
        return info.name();
    }

    int size() {
        return tags.length;
    }

    Tag tag(int index) {
        return tags[index];
    }

    /** The tag's index, -1 if there is none of that name. */
    int index(String tag) {
        Integer index = indexes.get(tag);
        return index == null ? -1 : index;
    }

    TagState state(int index) {
        return states.getAcquire(index);
    }

    List<TagState> states() {
        TagState[] snapshot = new TagState[tags.length];
        for (int i = 0; i < snapshot.length; i++) {
            snapshot[i] = states.getAcquire(i);
        }
        return List.of(snapshot);
    }

    /** The driver's side; null while the driver is gone. */
    DeviceScanner scanner() {
        return scanner;
    }

    void scanner(DeviceScanner newScanner) {
        since = clock.now().wall();
        scanner = newScanner;
    }

    /** When the driver came or went. */
    Instant since() {
        return since;
    }

    /** Does something in the device's order; false if too much waits already. */
    boolean inOrder(Runnable job) {
        return lane.execute(job);
    }

    /**
     * Stamps readings that a driver answered with, enters them into the table and publishes what the policies let pass.
     *
     * @return how the driver broke its contract; null if it did not
     */
    String apply(int[] indexes, Reading[] readings) {
        Moment now = clock.now();
        int count = 0;
        String firstFault = null;
        for (int i = 0; i < indexes.length; i++) {
            Tag tag = tags[indexes[i]];
            Reading reading = readings[i];
            String fault = ReadingCheck.fault(tag, reading);
            if (fault != null) {
                firstFault = firstFault == null ? fault : firstFault;
                reading = ReadingCheck.bad(tag, Quality.Reason.DRIVER_FAULT, fault, now.wall());
            }
            count = enter(indexes[i], ReadingCheck.finite(reading), now, count);
        }
        tell(indexes, now, count);
        return firstFault;
    }

    /** Turns tags BAD. */
    void applyBad(int[] indexes, Quality.Reason reason, String detail) {
        Moment now = clock.now();
        int count = 0;
        for (int index : indexes) {
            count = enter(index, ReadingCheck.bad(tags[index], reason, detail, now.wall()), now, count);
        }
        tell(indexes, now, count);
    }

    /** Turns tags that are not BAD anyway BAD, reason STALE. */
    void applyStale(int[] indexes, String detail) {
        applyBad(IntStream.of(indexes).filter(index -> !states.getAcquire(index).reading().quality().isBad()).toArray(),
            Quality.Reason.STALE, detail);
    }

    /** Publishes the last readings of tags whose heartbeat is due. */
    void applyHeartbeat(int[] indexes) {
        Moment now = clock.now();
        int count = 0;
        for (int index : indexes) {
            TagState state = states.getAcquire(index);
            if (filter.isHeartbeatDue(index, now.monotonicNanos())) {
                filter.remember(index, state.reading(), now.monotonicNanos());
                toPublish[count++] = state.reading();
            }
        }
        publish(now, count);
    }

    private int enter(int index, Reading reading, Moment now, int count) {
        Reading lastGood = reading.quality().isGood() ? reading : states.getPlain(index).lastGood();
        states.setRelease(index, new TagState(info.name(), reading, lastGood, now));
        if (filter.pass(index, reading, now.monotonicNanos())) {
            if (count == toPublish.length) { // a batch may hold several readings of a tag that reports by itself
                toPublish = Arrays.copyOf(toPublish, count * 2);
            }
            toPublish[count] = reading;
            return count + 1;
        }
        return count;
    }

    private void tell(int[] indexes, Moment now, int count) {
        publish(now, count);
        if (indexes.length > 0 && table.isObserved()) {
            List<TagState> changed = new ArrayList<>(indexes.length);
            for (int index : indexes) {
                changed.add(states.getAcquire(index));
            }
            table.changed(Collections.unmodifiableList(changed));
        }
    }

    private void publish(Moment now, int count) {
        if (count > 0) {
            List<Reading> readings = Arrays.asList(toPublish).subList(0, count);
            publisher.publish(new ScanMessage(info.name(), now, readings));
            Arrays.fill(toPublish, 0, count, null);
        }
    }

    private static TagState firstState(String device, Tag tag, DeviceRecord previous, Moment now) {
        int before = previous == null ? -1 : previous.index(tag.name());
        if (before >= 0 && previous.tags[before].type() == tag.type()) {
            TagState last = previous.state(before);
            return new TagState(last.device(), withTag(last.reading(), tag), withTag(last.lastGood(), tag), last.at());
        }
        Instant time = now.wall();
        String detail = tag.access().canRead() ? "nothing has been read yet" : "the tag is write-only";
        Reading nothing = ReadingCheck.bad(tag, Quality.Reason.NO_DATA, detail, time);
        return new TagState(device, nothing, nothing, now);
    }

    private static Reading withTag(Reading reading, Tag tag) {
        return new Reading(tag, reading.value(), reading.quality(), reading.sourceTime());
    }
}

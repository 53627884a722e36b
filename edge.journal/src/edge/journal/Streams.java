// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.message.StreamId;
import edge.journal.format.StreamMark;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All streams and their counters. They are changed on the writer's thread; any thread may ask for {@link #synced}. */
final class Streams {

    private final Usage usage;
    private final SecureRandom random = new SecureRandom();
    private final Map<StreamId, StreamState> states = new ConcurrentHashMap<>();
    private final List<StreamState> touched = new ArrayList<>();

    /** @param usage counts what each stream takes */
    Streams(Usage usage) {
        this.usage = usage;
    }

    /** Goes on with what was found on disk. */
    void reset(List<StreamMark> found, boolean inNewEpochs) {
        states.clear();
        touched.clear();
        for (StreamMark mark : found) {
            states.put(mark.id(), begin(inNewEpochs ? new StreamMark(mark.id(), newEpoch(), 0, mark.total()) : mark));
        }
    }

    private StreamState begin(StreamMark mark) {
        return new StreamState(mark, usage.count(mark.id()));
    }

    private long newEpoch() {
        long epoch;
        do {
            epoch = random.nextLong();
        } while (epoch == 0);
        return epoch;
    }

    /** The stream's counters; a new stream begins its first epoch. */
    StreamState of(StreamId stream) {
        StreamState state = states.get(stream);
        return state != null ? state : states.computeIfAbsent(stream, id -> begin(new StreamMark(id, newEpoch(), 0, 0)));
    }

    /** Takes the next sequence of a stream for what was written in so many bytes. */
    void advance(StreamState stream, long bytes) {
        if (stream.advance(bytes)) {
            touched.add(stream);
        }
    }

    /** What was taken is on disk. */
    void publish() {
        touched.forEach(StreamState::publish);
        touched.clear();
    }

    /** What was taken since {@link #publish} is free again. */
    void rollBack() {
        touched.forEach(StreamState::rollBack);
        touched.clear();
    }

    /** How far every stream is on disk. */
    List<StreamMark> synced() {
        return states.values().stream().map(StreamState::synced).toList();
    }

    /** The streams of which this run has stored something. */
    List<StreamId> active() {
        return states.values().stream().filter(StreamState::isActive).map(StreamState::id).toList();
    }

    int count() {
        return states.size();
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalException;
import edge.api.message.RecordKey;
import edge.api.uplink.Encoder;
import edge.api.uplink.Lane;
import edge.api.uplink.Uplink;
import edge.cloudconnector.core.Batch.Piece;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Decides what is sent next: current values first, the backlog beside them as far as it makes nobody wait and as rates and
 * budgets allow, and what is replayed behind both. For the pump's thread alone; lives as long as a connection.
 */
final class Sender {

    private static final int READ_AT_ONCE = 64;
    private static final int MOST_JOINED_AT_ONCE = 1000;
    /** What a message costs besides its payload: topic and headers, about. */
    private static final int OVERHEAD = 100;
    private static final Duration QUICK = Duration.ofMillis(400);
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final Line line;
    private final Uplink.Window window;
    private final Parking parking;
    private final BiConsumer<LaneFlow, Batch> wire;
    private final Map<Lane, Packer> packers = new EnumMap<>(Lane.class);
    private final BacklogPace pace = new BacklogPace(QUICK);
    private DeliveryPolicy policy;
    private TokenBucket messages;
    private TokenBucket backlogRecords;
    private TokenBucket backlogBytes;
    /** The record that is to show whether the connection is good; null if none is under way. */
    private Item control;
    /** The accused, sent right after a control got through; null if it is not under way. */
    private Item trial;
    /** Only one message may be under way until one is accepted. */
    private boolean cautious;
    private long wait;

    Sender(Line line, Encoder encoder, Parking parking, boolean cautious, BiConsumer<LaneFlow, Batch> wire) {
        this.line = line;
        this.window = line.uplink().window();
        this.parking = parking;
        this.cautious = cautious;
        this.wire = wire;
        Corrections corrections = new Corrections(line.journal());
        for (Lane lane : Lane.values()) {
            packers.put(lane, new Packer(encoder, lane, corrections::apply));
        }
    }

    /**
     * Begins batches as long as there are records and room.
     *
     * @return after how many nanoseconds there may be room for what has none now
     */
    long fill() throws JournalException {
        long now = System.nanoTime();
        rules(now);
        wait = AGAIN.toNanos();
        for (LaneFlow flow : line.flows()) {
            if (flow.isHeldUp()) {
                goOn(flow, now);
            }
        }
        if (line.suspicion().isOn() || cautious) {
            fillWithCare(now);
        } else {
            for (LaneFlow flow : line.flows()) {
                int most = room(flow, now);
                while (most > 0 && send(flow, most)) {
                    most = room(flow, now);
                }
            }
        }
        return wait;
    }

    private void rules(long now) {
        DeliveryPolicy next = line.policy();
        if (next != policy) {
            policy = next;
            line.flows().forEach(flow -> flow.priorities(next.priorities()));
            messages = new TokenBucket(policy.messagesPerSecond(), policy.burst(), now);
            backlogRecords = new TokenBucket(policy.backlogRecordsPerSecond(), policy.burst(), now);
            backlogBytes = new TokenBucket(policy.backlogBytesPerSecond(), 0, now);
        }
    }

    /** One batch at a time, and no more in it than is under suspicion. */
    private void fillWithCare(long now) throws JournalException {
        if (line.batches() > 0 || line.flows().stream().anyMatch(LaneFlow::isParking)) {
            return;
        }
        Optional<RecordKey> accused = line.suspicion().accused(policy.rejections());
        if (accused.isPresent() && line.suspicion().isConvicted()) {
            Optional<Item> guilty = next(accused.get());
            if (guilty.isPresent()) {
                Item item = guilty.get();
                item.refusals = line.suspicion().breaks();
                item.reason = "each time it was sent, the connection broke, while others get through";
                parking.park(line.flow(line.suspicion().lane()), item);
                return;
            }
        }
        if (accused.isPresent() && sendControl(now)) {
            return;
        }
        for (LaneFlow flow : line.flows()) {
            int most = Math.min(room(flow, now), cautious ? 1 : line.suspicion().most());
            if (most > 0 && send(flow, most)) {
                return;
            }
        }
    }

    /** Sends another record than the accused one: if it gets through, the connection is good and the accused is guilty. */
    private boolean sendControl(long now) throws JournalException {
        Lane where = line.suspicion().lane();
        for (LaneFlow flow : line.flows()) {
            if (flow.lane() != where && room(flow, now) > 0 && flow.hasNext(1)) {
                control = flow.next();
                return send(flow, 1);
            }
        }
        LaneFlow flow = line.flow(where);
        if (!flow.hasNext(1) || !flow.packed().isEmpty()) {
            return false;
        }
        Optional<Item> other = flow.take(line.suspicion().control(), 1);
        other.ifPresent(item -> {
            control = item;
            flow.packed().addAll(packers.get(where).pack(List.of(item), 1, policy.gzip()));
        });
        if (other.isPresent() && flow.packed().size() == 1) {
            return ship(flow, 1);
        }
        return false;
    }

    /** Whether only the control was under way. */
    boolean isControlUnderWay() {
        return control != null;
    }

    /** Whether only the accused was under way, on a connection that had just proved good. */
    boolean isTrialUnderWay() {
        return trial != null;
    }

    /** Some records of a lane were answered. */
    void answered(LaneFlow flow, Batch batch, boolean accepted) throws JournalException {
        if (accepted) {
            cautious = false;
        }
        if (flow.lane() != Lane.LIVE) {
            pace.answered(batch.pieces().size(), batch.sentAt(), System.nanoTime(), window.batches() * window.messages());
        }
        trial = null;
        boolean good = control != null && control.step() == Item.Step.DONE;
        control = null;
        Optional<RecordKey> accused = line.suspicion().accused(policy.rejections());
        if (good && accused.isPresent()) {
            Optional<Item> item = next(accused.get());
            if (item.isPresent()) {
                trial = item.get();
                retry(line.flow(line.suspicion().lane()), trial);
            }
        }
    }

    /** Takes the suspect, which is the next of its lane. */
    private Optional<Item> next(RecordKey suspect) throws JournalException {
        LaneFlow flow = line.flow(line.suspicion().lane());
        return flow.packed().isEmpty() && flow.fetch(1) && flow.next().record.key().equals(suspect)
            ? Optional.of(flow.take(1, true).get(0)) : Optional.empty();
    }

    /** A record is refused and nothing of its lane is under way: it is tried alone when its time has come. */
    private void goOn(LaneFlow flow, long now) {
        Optional<Item> refused = flow.refused();
        if (flow.isParking() || flow.batches() > 0 || refused.isEmpty()) {
            return;
        }
        long held = flow.heldFor(now);
        if (held > 0) {
            wait = Math.min(wait, held);
            return;
        }
        Item item = refused.get();
        if (item.refusals >= policy.rejections()) {
            parking.park(flow, item);
            return;
        }
        retry(flow, item);
    }

    /** Sends one record alone. Later ones of its stream have arrived: it comes out of its order, as what is replayed does. */
    private void retry(LaneFlow flow, Item item) {
        item.to(Item.Step.SENT);
        item.open = 0;
        List<Piece> pieces = packers.get(Lane.REPLAY).pack(List.of(item), 1, policy.gzip());
        if (pieces.isEmpty()) {
            refused(flow, item);
            return;
        }
        for (int i = pieces.size() - 1; i >= 0; i--) {
            flow.packed().addFirst(pieces.get(i));
        }
        ship(flow, pieces.size());
    }

    private void refused(LaneFlow flow, Item item) {
        parking.refused(flow, item);
        if (flow.isHeldUp()) {
            wait = Math.min(wait, flow.heldFor(System.nanoTime()));
        }
    }

    /** How many messages of a lane may go into one more batch: 0 if none may. */
    private int room(LaneFlow flow, long now) {
        if (flow.isHeldUp() || flow.heldFor(now) > 0 || line.batches() >= window.batches()
            || line.bytes() >= line.limits().flightBytes()) {
            return 0;
        }
        int most = Math.min(window.messages(), within(messages, now));
        return flow.lane() == Lane.LIVE ? most : Math.min(most, besideLive(now));
    }

    /** A bucket that is empty decides when to look again. */
    private int within(TokenBucket bucket, long now) {
        int tokens = bucket.available(now);
        if (tokens == 0) {
            wait = Math.min(wait, bucket.nanosUntilReady(now));
        }
        return tokens;
    }

    private int besideLive(long now) {
        int reserved = window.batches() == 1 ? 0 : Math.max(1, window.batches() / 4);
        LaneFlow backlog = line.flow(Lane.BACKLOG);
        LaneFlow replay = line.flow(Lane.REPLAY);
        if (backlog.batches() + replay.batches() >= window.batches() - reserved
            || line.traffic().isReserved(policy.dailyBytes(), line.clock().now().wall()) || within(backlogBytes, now) == 0) {
            return 0;
        }
        int free = pace.window() - backlog.messages() - replay.messages();
        return Math.max(0, Math.min(free, within(backlogRecords, now)));
    }

    /** @return whether something was sent, so that there may be more */
    private boolean send(LaneFlow flow, int most) throws JournalException {
        int join = policy.recordsPerMessage();
        boolean alone = line.suspicion().isOn() || cautious;
        while (flow.packed().size() < most && flow.fetch(atOnce(most, join))) {
            int records = alone ? most : atOnce(most - flow.packed().size(), join);
            flow.packed().addAll(packers.get(flow.lane()).pack(flow.take(records, alone), alone ? 1 : join,
                policy.gzip()));
            if (flow.isHeldUp() || alone) {
                break;
            }
        }
        if (flow.batches() == 0 && flow.packed().isEmpty()) {
            flow.refused().ifPresent(item -> refused(flow, item));
        }
        return ship(flow, most);
    }

    private static int atOnce(int messages, int join) {
        return join == 1 ? Math.min(READ_AT_ONCE, messages)
            : (int) Math.min(MOST_JOINED_AT_ONCE, (long) join * Math.min(READ_AT_ONCE, messages));
    }

    private boolean ship(LaneFlow flow, int most) {
        List<Piece> pieces = new ArrayList<>();
        long bytes = 0;
        while (!flow.packed().isEmpty() && pieces.size() < most && bytes < line.limits().batchBytes()) {
            Piece piece = flow.packed().remove();
            pieces.add(piece);
            bytes += piece.message().payload().length + OVERHEAD;
        }
        if (pieces.isEmpty()) {
            return false;
        }
        messages.take(pieces.size());
        if (flow.lane() != Lane.LIVE) {
            backlogRecords.take(pieces.stream().mapToInt(piece -> piece.items().size()).sum());
            backlogBytes.take(bytes);
        }
        line.traffic().sent(flow.lane(), bytes, line.clock().now().wall());
        Batch batch = new Batch(List.copyOf(pieces), bytes, System.nanoTime());
        flow.sent(batch);
        line.state().inFlight(line.messages());
        wire.accept(flow, batch);
        return true;
    }
}

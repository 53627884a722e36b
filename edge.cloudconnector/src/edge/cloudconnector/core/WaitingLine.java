// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.message.StreamId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The records of a lane that were read and not yet sent. Urgent streams are taken first, but each {@value #FLOOR}th record is
 * the one that has waited longest, whatever its stream: nobody waits for ever. A stream is of one rank, so its order is kept. For
 * the pump's thread alone.
 */
final class WaitingLine {

    static final int FLOOR = 8;

    private final Map<StreamId, Integer> known = new HashMap<>();
    private Priorities priorities = Priorities.NONE;
    private List<Deque<Item>> ranks = ranks(Priorities.NONE);
    private int size;
    private int taken;

    private static List<Deque<Item>> ranks(Priorities priorities) {
        List<Deque<Item>> ranks = new ArrayList<>();
        for (int i = 0; i < priorities.count(); i++) {
            ranks.add(new ArrayDeque<>());
        }
        return List.copyOf(ranks);
    }

    /** Other priorities from now on, for what waits already, too. */
    void priorities(Priorities next) {
        if (next.equals(priorities)) {
            return;
        }
        List<Item> all = inOrder();
        priorities = next;
        ranks = ranks(next);
        known.clear();
        size = 0;
        all.forEach(this::add);
    }

    boolean hasPriorities() {
        return ranks.size() > 1;
    }

    void add(Item item) {
        ranks.get(known.computeIfAbsent(item.record.key().stream(), priorities::of)).add(item);
        size++;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void clear() {
        ranks.forEach(Deque::clear);
        size = 0;
    }

    /** The one that has waited longest; there must be one. */
    Item oldest() {
        return oldestOf().element();
    }

    private Deque<Item> oldestOf() {
        return ranks.stream().filter(rank -> !rank.isEmpty()).min(Comparator.comparingLong(rank -> rank.element().turn))
            .orElseThrow();
    }

    /** Takes the one that has waited longest; there must be one. */
    Item takeOldest() {
        size--;
        return oldestOf().remove();
    }

    /** Takes the one whose turn it is; there must be one. */
    Item take() {
        taken++;
        if (!hasPriorities() || taken % FLOOR == 0) {
            return takeOldest();
        }
        size--;
        return ranks.stream().filter(rank -> !rank.isEmpty()).findFirst().orElseThrow().remove();
    }

    /** Takes this one, which waits. */
    void take(Item item) {
        ranks.forEach(rank -> rank.remove(item));
        size--;
    }

    /** All of them, the one that has waited longest first. */
    List<Item> inOrder() {
        return ranks.stream().flatMap(Deque::stream).sorted(Comparator.comparingLong(item -> item.turn)).toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.plan;

import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The requests that read some tags of one unit, and what was learned about them.
 *
 * <p>A request that the device refuses because of its addresses is asked again in two halves, and so on. When both halves
 * are good, what lies between them cannot be read: they stay apart from then on. When a single tag is refused, it gets a
 * request of its own, and the others are joined around it.
 */
public final class ScanPlan {
    private final int unit;
    private final Limits limits;
    private final List<Span> spans;
    /** Indices of spans in the order of table and address. */
    private final int[] order;
    /** Positions in the order in front of which a new request must begin. */
    private final BitSet barriers = new BitSet();
    /** Positions in the order whose tag the device refuses. */
    private final BitSet refused = new BitSet();
    private List<Block> blocks;
    private boolean learned;

    /** @param spans at least one */
    public ScanPlan(int unit, List<Span> spans, Limits limits) {
        this.unit = unit;
        this.limits = limits;
        this.spans = List.copyOf(spans);
        order = IntStream.range(0, spans.size()).boxed()
            .sorted(Comparator.comparing((Integer i) -> spans.get(i).table())
                .thenComparing(i -> spans.get(i).address())
                .thenComparing(i -> spans.get(i).length()))
            .mapToInt(Integer::intValue).toArray();
        blocks = plan();
    }

    /** The requests of the next run. Unmodifiable, and unchanged by {@link #refuse} and {@link #accept}. */
    public List<Block> blocks() {
        return blocks;
    }

    /**
     * The device has refused a block's addresses or their number.
     *
     * @return the two blocks to ask instead; empty if it was a single tag, which is refused then
     */
    public List<Block> refuse(Block block) {
        int from = block.position();
        if (block.size() == 1) {
            if (!refused.get(from)) {
                refused.set(from);
                learned = true;
            }
            return List.of();
        }
        int middle = from + block.size() / 2;
        Block.Split split = new Block.Split(middle);
        return List.of(block(from, middle, split), block(middle, from + block.size(), split));
    }

    /** The device has answered a block. */
    public void accept(Block block) {
        if (block.size() == 1 && refused.get(block.position())) {
            refused.clear(block.position());
            learned = true;
        }
        Block.Split origin = block.origin();
        if (origin != null && origin.halfIsGood()) {
            barriers.set(origin.boundary);
            learned = true;
        }
    }

    /** Plans anew what was learned since. To be called between two runs. */
    public void endRun() {
        if (learned) {
            learned = false;
            blocks = plan();
        }
    }

    private List<Block> plan() {
        List<Block> plan = new ArrayList<>();
        int from = 0;
        int end = span(0).end();
        for (int i = 1; i < order.length; i++) {
            int joinedEnd = Math.max(end, span(i).end());
            if (mayJoin(from, i, end, joinedEnd)) {
                end = joinedEnd;
            } else {
                plan.add(block(from, i, null));
                from = i;
                end = span(i).end();
            }
        }
        plan.add(block(from, order.length, null));
        return List.copyOf(plan);
    }

    private boolean mayJoin(int from, int i, int end, int joinedEnd) {
        Table table = span(from).table();
        return span(i).table() == table
            && span(i).address() - end <= limits.gap(table)
            && joinedEnd - span(from).address() <= limits.size(table)
            && !barriers.get(i) && !refused.get(i) && !refused.get(i - 1);
    }

    private Block block(int from, int to, Block.Split origin) {
        Table table = span(from).table();
        int address = span(from).address();
        int end = address;
        int[] items = new int[to - from];
        for (int i = from; i < to; i++) {
            end = Math.max(end, span(i).end());
            items[i - from] = order[i];
        }
        return new Block(Request.read(unit, table, address, end - address), items, from, origin);
    }

    private Span span(int position) {
        return spans.get(order[position]);
    }
}

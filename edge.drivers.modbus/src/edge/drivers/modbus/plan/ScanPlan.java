// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.plan;

import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The requests that read some tags of one unit.
 *
 * <p>A request that the device refuses because of its addresses or their number is asked again in two halves, and so on. What
 * that teaches goes into the device's {@link Knowledge}: a gap between two tags that cannot be read, a tag that cannot, a
 * length that is too much. Whatever a plan of the same device has learned counts for all.
 */
public final class ScanPlan {
    private final int unit;
    private final Knowledge knowledge;
    private final List<Span> spans;
    /** Indices of spans in the order of table and address. */
    private final int[] order;
    private List<Block> blocks;
    private int version;

    /**
     * @param spans at least one
     * @param knowledge what is known of the unit
     */
    public ScanPlan(int unit, List<Span> spans, Knowledge knowledge) {
        this.unit = unit;
        this.knowledge = knowledge;
        this.spans = List.copyOf(spans);
        order = IntStream.range(0, spans.size()).boxed()
            .sorted(Comparator.comparing((Integer i) -> spans.get(i).table())
                .thenComparing(i -> spans.get(i).address())
                .thenComparing(i -> spans.get(i).length()))
            .mapToInt(Integer::intValue).toArray();
        version = knowledge.version();
        blocks = plan();
    }

    /**
     * The requests of a run that begins, planned anew if something was learned since the last. Unmodifiable, and unchanged by
     * {@link #refuse} and {@link #accept}.
     */
    public List<Block> blocks() {
        if (version != knowledge.version()) {
            version = knowledge.version();
            blocks = plan();
        }
        return blocks;
    }

    /**
     * The device has refused a block's addresses or their number.
     *
     * @param tooMany whether it gave the number as the reason
     * @return the two blocks to ask instead; empty if it was a single tag, which cannot be read then
     */
    public List<Block> refuse(Block block, boolean tooMany) {
        int from = block.position();
        if (block.size() == 1) {
            knowledge.unreadable(block.request().function().table(), block.start(), block.end());
            return List.of();
        }
        int middle = from + block.size() / 2;
        Optional<Block.Split> split = Optional.of(new Block.Split(block, tooMany));
        return List.of(block(from, middle, split), block(middle, from + block.size(), split));
    }

    /** The device has answered a block. */
    public void accept(Block block) {
        knowledge.readable(block.request().function().table(), block.start(), block.end());
        if (block.origin().isPresent()) {
            block.origin().get().halfIsGood(block, knowledge);
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
                plan.add(block(from, i, Optional.empty()));
                from = i;
                end = span(i).end();
            }
        }
        plan.add(block(from, order.length, Optional.empty()));
        return List.copyOf(plan);
    }

    private boolean mayJoin(int from, int i, int end, int joinedEnd) {
        Table table = span(from).table();
        int start = span(from).address();
        return span(i).table() == table
            && span(i).address() - end <= knowledge.gap(table)
            && joinedEnd - start <= knowledge.size(table)
            && !knowledge.isHopeless(table, start, joinedEnd);
    }

    private Block block(int from, int to, Optional<Block.Split> origin) {
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

// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.plan.Block;
import edge.drivers.modbus.plan.Knowledge;
import edge.drivers.modbus.plan.Limits;
import edge.drivers.modbus.plan.ScanPlan;
import edge.drivers.modbus.plan.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * How many requests it takes to read 300 tags in three periods once from a device with holes that takes less than the standard
 * allows, after the planner has met it a few times; the peer is the fewest that are possible, computed by somebody who knows
 * the holes and the limit beforehand. A tag that lies in a hole counts on neither side.
 */
final class PlannerBenchmark implements Benchmark {
    private static final int DEVICES = 20;
    private static final int ADDRESSES = 2000;
    private static final int TAGS = 100;
    private static final int PERIODS = 3;
    private static final int HOLES = 40;
    private static final int RUNS = 20;

    @Override
    public List<String> names() {
        return List.of("modbus.planner.requests");
    }

    @Override
    public int rounds() {
        return 1;
    }

    @Override
    public List<Sample> measure(Bench bench) {
        Random random = new Random(20);
        double needed = 0;
        double fewest = 0;
        for (int i = 0; i < DEVICES; i++) {
            Device device = new Device(random);
            needed += device.needed();
            fewest += device.fewest();
        }
        return List.of(new Sample(needed / DEVICES, "requests", "optimum", fewest / DEVICES));
    }

    /** A simulated device and the tags that are read from it. */
    private static final class Device {
        private final BitSet holes = new BitSet();
        private final int longest;
        private final List<List<Span>> periods = new ArrayList<>();

        Device(Random random) {
            longest = 30 + random.nextInt(96);
            random.ints(HOLES, 0, ADDRESSES).forEach(holes::set);
            for (int period = 0; period < PERIODS; period++) {
                periods.add(random.ints(TAGS, 0, ADDRESSES - 4)
                    .mapToObj(address -> new Span(Table.HOLDING, address, 1 << random.nextInt(3))).toList());
            }
        }

        private boolean isReadable(int from, int to) {
            int hole = holes.nextSetBit(from);
            return hole < 0 || hole >= to;
        }

        int needed() {
            Knowledge knowledge = new Knowledge(Limits.DEFAULT);
            List<ScanPlan> plans = periods.stream().map(spans -> new ScanPlan(1, spans, knowledge)).toList();
            for (int run = 0; run < RUNS; run++) {
                plans.forEach(this::run);
            }
            return plans.stream().mapToInt(plan -> (int) plan.blocks().stream()
                .filter(block -> isReadable(block.request().address(), end(block))).count()).sum();
        }

        private static int end(Block block) {
            return block.request().address() + block.request().quantity();
        }

        private void run(ScanPlan plan) {
            Deque<Block> open = new ArrayDeque<>(plan.blocks());
            while (!open.isEmpty()) {
                Block block = open.poll();
                boolean tooMany = block.request().quantity() > longest;
                if (tooMany || !isReadable(block.request().address(), end(block))) {
                    open.addAll(plan.refuse(block, tooMany));
                } else {
                    plan.accept(block);
                }
            }
        }

        int fewest() {
            return periods.stream().mapToInt(this::fewest).sum();
        }

        /** By the fewest for the first tag, the first two, and so on. */
        private int fewest(List<Span> spans) {
            List<Span> sorted = spans.stream().filter(span -> isReadable(span.address(), span.end()))
                .sorted(Comparator.comparing(Span::address).thenComparing(Span::length)).toList();
            int[] fewest = new int[sorted.size() + 1];
            Arrays.fill(fewest, 1, fewest.length, Integer.MAX_VALUE);
            for (int from = 0; from < sorted.size(); from++) {
                int start = sorted.get(from).address();
                int end = start;
                for (int to = from; to < sorted.size(); to++) {
                    if (sorted.get(to).address() - end > Limits.DEFAULT.maxGap()) {
                        break;
                    }
                    end = Math.max(end, sorted.get(to).end());
                    if (end - start <= longest && isReadable(start, end)) {
                        fewest[to + 1] = Math.min(fewest[to + 1], fewest[from] + 1);
                    }
                }
            }
            return fewest[sorted.size()];
        }
    }
}

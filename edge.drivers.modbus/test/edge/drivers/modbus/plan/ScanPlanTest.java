// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import edge.drivers.modbus.codec.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScanPlanTest {

    private static List<Span> registers(int... addresses) {
        return Arrays.stream(addresses).mapToObj(address -> new Span(Table.HOLDING, address, 1)).toList();
    }

    private static List<String> requests(ScanPlan plan) {
        return plan.blocks().stream()
            .map(block -> block.request().function().table() + " " + block.request().address() + "+"
                + block.request().quantity())
            .toList();
    }

    /** Runs a plan once against a device with holes; gives the spans that were read and counts the requests. */
    private static int run(ScanPlan plan, List<Span> spans, Set<Integer> holes, Set<Integer> read) {
        return run(plan, spans, holes, 125, read);
    }

    private static int run(ScanPlan plan, List<Span> spans, Set<Integer> holes, int limit, Set<Integer> read) {
        int requests = 0;
        Deque<Block> open = new ArrayDeque<>(plan.blocks());
        while (!open.isEmpty()) {
            Block block = open.poll();
            requests++;
            int first = block.request().address();
            boolean refused = IntStream.range(first, first + block.request().quantity()).anyMatch(holes::contains);
            boolean tooMany = block.request().quantity() > limit;
            if (refused || tooMany) {
                open.addAll(plan.refuse(block, tooMany));
            } else {
                plan.accept(block);
                for (int i = 0; i < block.size(); i++) {
                    Span span = spans.get(block.item(i));
                    assertThat(span.address()).isGreaterThanOrEqualTo(first);
                    assertThat(span.end()).isLessThanOrEqualTo(first + block.request().quantity());
                    read.add(span.address());
                }
            }
        }
        return requests;
    }

    @Test
    void neighbours_within_the_gap_share_a_request() {
        assertThat(requests(new ScanPlan(1, registers(30, 10, 11, 20), new Knowledge(new Limits(8, 125)))))
            .containsExactly("HOLDING 10+11", "HOLDING 30+1");
        assertThat(requests(new ScanPlan(1, registers(10, 12), new Knowledge(new Limits(0, 125)))))
            .containsExactly("HOLDING 10+1", "HOLDING 12+1");
    }

    @Test
    void a_request_is_never_longer_than_allowed_and_never_cuts_a_tag() {
        int[] all = IntStream.range(0, 300).toArray();
        assertThat(requests(new ScanPlan(1, registers(all), new Knowledge(Limits.DEFAULT))))
            .containsExactly("HOLDING 0+125", "HOLDING 125+125", "HOLDING 250+50");
        List<Span> wide = List.of(new Span(Table.INPUT, 0, 4), new Span(Table.INPUT, 4, 4), new Span(Table.INPUT, 8, 4));
        assertThat(requests(new ScanPlan(1, wide, new Knowledge(new Limits(16, 10))))).containsExactly("INPUT 0+8", "INPUT 8+4");
    }

    @Test
    void each_table_has_requests_of_its_own_and_bits_count_sixteenfold() {
        List<Span> spans = List.of(new Span(Table.COIL, 0, 1), new Span(Table.COIL, 1999, 1), new Span(Table.COIL, 2000, 1),
            new Span(Table.DISCRETE, 5, 1), new Span(Table.HOLDING, 5, 2), new Span(Table.INPUT, 5, 1));
        assertThat(requests(new ScanPlan(1, spans, new Knowledge(new Limits(124, 125))))).containsExactly("COIL 0+1", "COIL 1999+2",
            "DISCRETE 5+1", "INPUT 5+1", "HOLDING 5+2");
    }

    @Test
    void tags_on_the_same_registers_are_read_once() {
        List<Span> spans = List.of(new Span(Table.HOLDING, 5, 4), new Span(Table.HOLDING, 5, 1), new Span(Table.HOLDING, 6, 1),
            new Span(Table.HOLDING, 5, 1));
        assertThat(requests(new ScanPlan(1, spans, new Knowledge(Limits.DEFAULT)))).containsExactly("HOLDING 5+4");
    }

    @Test
    void a_refused_tag_stands_alone_and_its_neighbours_are_joined_around_it() {
        List<Span> spans = registers(IntStream.range(0, 64).toArray());
        ScanPlan plan = new ScanPlan(1, spans, new Knowledge(Limits.DEFAULT));
        Set<Integer> read = new TreeSet<>();

        int first = run(plan, spans, Set.of(21), read);

        assertThat(read).hasSize(63).doesNotContain(21);
        assertThat(first).isEqualTo(13);
        assertThat(requests(plan)).containsExactly("HOLDING 0+21", "HOLDING 21+1", "HOLDING 22+42");
    }

    @Test
    void a_refused_tag_that_is_answered_again_is_joined_again() {
        List<Span> spans = registers(0, 1, 2);
        ScanPlan plan = new ScanPlan(1, spans, new Knowledge(Limits.DEFAULT));
        run(plan, spans, Set.of(1), new TreeSet<>());
        assertThat(plan.blocks()).hasSize(3);

        run(plan, spans, Set.of(), new TreeSet<>());

        assertThat(requests(plan)).containsExactly("HOLDING 0+3");
    }

    @Test
    void whatever_the_holes_all_that_can_be_read_is_read_at_once_and_soon_with_the_fewest_requests() {
        java.util.Random random = new java.util.Random(11);
        for (int round = 0; round < 200; round++) {
            List<Span> spans = registers(IntStream.range(0, 200).filter(i -> random.nextInt(3) > 0).toArray());
            Set<Integer> holes = new TreeSet<>(random.ints(6, 0, 200).boxed().toList());
            ScanPlan plan = new ScanPlan(1, spans, new Knowledge(Limits.DEFAULT));
            List<Integer> readable = new ArrayList<>();
            spans.stream().map(Span::address).filter(address -> !holes.contains(address)).forEach(readable::add);

            for (int i = 0; i < 8; i++) {
                Set<Integer> read = new TreeSet<>();
                run(plan, spans, holes, read);
                assertThat(read).containsExactlyElementsOf(readable);
            }
            List<Block> learned = plan.blocks();
            run(plan, spans, holes, new TreeSet<>());
            assertThat(plan.blocks()).as("nothing is left to learn").isSameAs(learned);
            assertThat(learned.size()).isLessThanOrEqualTo(2 * holes.size() + 2);
        }
    }

    @Test
    void a_device_that_takes_less_is_asked_for_as_much_as_it_takes() {
        List<Span> spans = registers(IntStream.range(0, 500).toArray());
        for (int limit : new int[] {1, 2, 16, 50, 61, 100, 124}) {
            ScanPlan plan = new ScanPlan(1, spans, new Knowledge(Limits.DEFAULT));
            for (int i = 0; i < 10; i++) {
                Set<Integer> read = new TreeSet<>();
                run(plan, spans, Set.of(), limit, read);
                assertThat(read).hasSize(500);
            }
            assertThat(plan.blocks()).as("limit %d", limit).hasSize((500 + limit - 1) / limit);
        }
    }

    @Test
    void areas_that_are_not_read_across_are_read_apart() {
        List<Span> spans = registers(IntStream.range(0, 40).toArray());
        ScanPlan plan = new ScanPlan(1, spans, new Knowledge(Limits.DEFAULT));
        Set<Integer> read = new TreeSet<>();
        for (int i = 0; i < 8; i++) {
            Deque<Block> open = new ArrayDeque<>(plan.blocks());
            while (!open.isEmpty()) {
                Block block = open.poll();
                int first = block.request().address();
                if (first < 25 && first + block.request().quantity() > 25) {
                    open.addAll(plan.refuse(block, false));
                } else {
                    plan.accept(block);
                    IntStream.range(0, block.size()).forEach(k -> read.add(spans.get(block.item(k)).address()));
                }
            }
        }
        assertThat(read).hasSize(40);
        assertThat(requests(plan)).containsExactly("HOLDING 0+25", "HOLDING 25+15");
    }

    @Test
    void what_one_period_has_learned_the_others_know() {
        Knowledge knowledge = new Knowledge(Limits.DEFAULT);
        List<Span> fast = registers(0, 20);
        List<Span> slow = registers(2, 5, 15, 18);
        ScanPlan first = new ScanPlan(1, fast, knowledge);
        ScanPlan second = new ScanPlan(1, slow, knowledge);
        run(new ScanPlan(1, registers(8, 12), knowledge), registers(8, 12), Set.of(10), new TreeSet<>());

        assertThat(run(first, fast, Set.of(10), new TreeSet<>())).isEqualTo(2);
        assertThat(run(second, slow, Set.of(10), new TreeSet<>())).isEqualTo(2);
        assertThat(requests(second)).containsExactly("HOLDING 2+4", "HOLDING 15+4");
    }

    /** The fewest requests that read all readable spans, by trying every partition: what no planner can do better. */
    private static int optimum(List<Span> spans, Set<Integer> holes, int gap, int limit) {
        List<Span> sorted = spans.stream()
            .filter(span -> IntStream.range(span.address(), span.end()).noneMatch(holes::contains))
            .sorted(java.util.Comparator.comparing(Span::address).thenComparing(Span::length)).toList();
        int[] fewest = new int[sorted.size() + 1];
        for (int to = 1; to <= sorted.size(); to++) {
            fewest[to] = Integer.MAX_VALUE;
            for (int from = to - 1; from >= 0; from--) {
                if (fits(sorted.subList(from, to), holes, gap, limit)) {
                    fewest[to] = Math.min(fewest[to], fewest[from] + 1);
                }
            }
        }
        return fewest[sorted.size()];
    }

    private static boolean fits(List<Span> spans, Set<Integer> holes, int gap, int limit) {
        int start = spans.get(0).address();
        int end = start;
        for (Span span : spans) {
            if (span.address() - end > gap) {
                return false;
            }
            end = Math.max(end, span.end());
        }
        return end - start <= limit && IntStream.range(start, end).noneMatch(holes::contains);
    }

    @Test
    void with_random_tags_holes_and_limits_the_requests_are_soon_as_few_as_can_be() {
        java.util.Random random = new java.util.Random(5);
        int needed = 0;
        int fewest = 0;
        for (int round = 0; round < 30; round++) {
            Limits limits = new Limits(random.nextInt(30), 125);
            int deviceLimit = round % 2 == 0 ? 125 : 20 + random.nextInt(105);
            Set<Integer> holes = new TreeSet<>(random.ints(15, 0, 600).boxed().toList());
            Knowledge knowledge = new Knowledge(limits);
            List<List<Span>> periods = new ArrayList<>();
            List<ScanPlan> plans = new ArrayList<>();
            for (int period = 0; period < 3; period++) {
                List<Span> spans = random.ints(60, 0, 600)
                    .mapToObj(address -> new Span(Table.HOLDING, address, 1 << random.nextInt(3))).toList();
                periods.add(spans);
                plans.add(new ScanPlan(1, spans, knowledge));
            }
            for (int i = 0; i < 20; i++) {
                for (int period = 0; period < 3; period++) {
                    List<Span> spans = periods.get(period);
                    Set<Integer> read = new TreeSet<>();
                    run(plans.get(period), spans, holes, deviceLimit, read);
                    assertThat(read).containsExactlyElementsOf(new TreeSet<>(spans.stream()
                        .filter(span -> IntStream.range(span.address(), span.end()).noneMatch(holes::contains))
                        .map(Span::address).toList()));
                }
            }
            for (int period = 0; period < 3; period++) {
                List<Span> spans = periods.get(period);
                needed += (int) plans.get(period).blocks().stream().filter(block -> IntStream
                    .range(block.request().address(), block.request().address() + block.request().quantity())
                    .noneMatch(holes::contains)).count();
                fewest += optimum(spans, holes, limits.gap(Table.HOLDING), deviceLimit);
            }
        }
        System.out.println("planner: " + needed + " requests where " + fewest + " are the optimum");
        assertThat(needed).isBetween(fewest, fewest * 110 / 100);
    }
}
